-- A trust policy may ask for several witnesses on one checkpoint. Each has a row of its own in log_witnessed, which
-- moves on with it; here stays, for each number of witnesses, the largest checkpoint that so many of them cosigned.
create table log_cosigned (
  log_id    uuid not null references tenant (log_id),
  witnesses smallint not null check (witnesses > 0),
  size      bigint not null check (size > 0),
  -- The checkpoint with the cosignature line of each of them.
  note      text not null,
  at        timestamptz not null default now(),
  primary key (log_id, witnesses)
);
insert into log_cosigned (log_id, witnesses, size, note)
  select distinct on (log_id) log_id, 1, size, note from log_witnessed where size > 0 order by log_id, size desc;

-- A memory that moves forward, as log_witnessed is.
grant select, insert, update (size, note, at) on log_cosigned to access_service;

-- One of the control log may be cosigned by more witnesses later, when another instance shows it to them.
alter table witnessed_control_checkpoint
  add column witnesses smallint not null default 1 check (witnesses > 0),
  drop constraint witnessed_control_checkpoint_pkey,
  add primary key (size, witnesses);
