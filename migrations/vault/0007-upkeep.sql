-- What the vault does by itself: opening every living record now and then, and looking for numbers that are
-- held for several people. No number, nor anything computed from one, is in these tables.

-- One instance at a time does a job; a lease that ran out is free.
create table job_lease (
  job        text primary key check (job ~ '^[a-z-]{1,40}$'),
  holder     uuid not null,
  held_until timestamptz not null
);

-- One row for each time all living records were opened, the unfinished one being the last. It goes on behind
-- the position of the tenant named.
create table scrub_pass (
  pass        integer primary key check (pass > 0),
  started_at  timestamptz not null,
  finished_at timestamptz,
  expected    bigint not null check (expected >= 0),
  tenant_id   text not null default '',
  position    bigint not null default -1,
  opened      bigint not null default 0,
  damaged     bigint not null default 0
);

-- The last comparison of a tenant's numbers: those stored before `stored_before` were in it.
create table duplicate_sweep (
  tenant_id     text primary key references tenant,
  stored_before timestamptz not null,
  compared      bigint not null check (compared >= 0)
);

-- Records of several people that hold one number: those with the same `holders`, which is random.
create table duplicate_record (
  tenant_id text not null references tenant,
  record_id uuid not null,
  holders   uuid not null,
  primary key (tenant_id, record_id)
);
create index duplicate_record_holders on duplicate_record (tenant_id, holders, record_id);

do $$
declare guarded text;
begin
  foreach guarded in array array['duplicate_sweep', 'duplicate_record'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;

grant select, insert, update on job_lease, duplicate_sweep to vault_service;
grant select, insert on scrub_pass to vault_service;
grant update (finished_at, tenant_id, position, opened, damaged) on scrub_pass to vault_service;
grant select, insert, delete on duplicate_record to vault_service;
