-- The access logs: one per tenant and one for the operator company itself.

create table tenant (
  tenant_id  text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,39}$'),
  name       text not null check (char_length(name) between 1 and 200),
  log_id     uuid not null unique,
  -- <deployment>/access/<log id>: the origin in every checkpoint; names no tenant.
  origin     text not null unique,
  created_at timestamptz not null default now(),
  created_by text not null
);

-- INSERT-only. The primary key is the compare-and-set that orders writers: every start is taken once, so two
-- writers cannot fork a log. There is no foreign key to tenant: that row is never deleted, and the check
-- would lock it once per append.
create table log_batch (
  log_id     uuid not null,
  start      bigint not null check (start >= 0),
  n          integer not null check (n > 0),
  -- Entries as hashed: for each, its length as two bytes and its bytes (C2SP tlog-tiles entry bundle).
  entries    bytea not null,
  root       bytea not null check (octet_length(root) = 32),
  checkpoint text not null,
  -- Roots of the maximal perfect subtrees at start + n, left to right, 32 bytes each.
  edge       bytea not null,
  primary key (log_id, start)
);
-- Entries are read back as written; compressing them would cost more than it saves on the append path.
alter table log_batch alter column entries set storage external;

-- Full tiles (256 hashes) of the Merkle tree, derived from log_batch and rebuildable from it.
create table log_tile (
  log_id uuid not null,
  level  smallint not null check (level between 0 and 63),
  idx    bigint not null check (idx >= 0),
  hashes bytea not null check (octet_length(hashes) = 8192),
  primary key (log_id, level, idx)
);
alter table log_tile alter column hashes set storage external;

-- Nobody holds UPDATE, DELETE or TRUNCATE on the log. That absence is the control.
grant select, insert on tenant, log_batch, log_tile to access_service;
