-- What this service has seen of the vault's control log: a memory outside the vault's database, by which a
-- control log that went back, or became another, is noticed.
create table seen_control_checkpoint (
  size bigint primary key check (size > 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  at   timestamptz not null default now()
);

-- INSERT-only, as the logs themselves.
grant select, insert on seen_control_checkpoint to access_service;
