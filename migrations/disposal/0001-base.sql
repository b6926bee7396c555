-- The ground every later step stands on. Run by disposal_migrate, who owns the database and everything in it.

create schema disposal;

-- Nobody meets a name by accident: what a role may touch is granted by the step that makes it.
drop schema public;
revoke all on schema disposal from public;
grant usage on schema disposal to disposal_service;
alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;

-- The ledger of these steps. The runner writes a row in the transaction of each step; the service compares
-- the newest version with the one it was written for before it starts.
create table schema_version (
  version integer primary key check (version > 0),
  name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at timestamptz not null default now()
);
grant select on schema_version to disposal_service;
