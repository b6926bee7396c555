-- The checkpoints of the vault's control log that external witnesses cosigned, for auditors whose policy asks
-- for a quorum of them.
create table witnessed_control_checkpoint (
  size bigint primary key check (size > 0),
  -- The checkpoint with the cosignature lines of every witness that answered (C2SP tlog-cosignature).
  note text not null,
  at   timestamptz not null default now()
);

-- INSERT-only, as what was seen of it.
grant select, insert on witnessed_control_checkpoint to access_service;
