-- The control log: the vault's own record of what it does about keys and disposals, kept as the access logs are.

-- INSERT-only. The primary key is the compare-and-set that orders writers: every start is taken once, so two
-- instances cannot fork the log.
create table control_batch (
  start      bigint primary key check (start >= 0),
  n          integer not null check (n > 0),
  -- Entries as hashed: for each, its length as two bytes and its bytes (C2SP tlog-tiles entry bundle).
  entries    bytea not null,
  root       bytea not null check (octet_length(root) = 32),
  checkpoint text not null,
  -- Roots of the maximal perfect subtrees at start + n, left to right, 32 bytes each.
  edge       bytea not null
);
alter table control_batch alter column entries set storage external;

-- Full tiles (256 hashes) of the Merkle tree, derived from control_batch and rebuildable from it.
create table control_tile (
  level  smallint not null check (level between 0 and 63),
  idx    bigint not null check (idx >= 0),
  hashes bytea not null check (octet_length(hashes) = 8192),
  primary key (level, idx)
);
alter table control_tile alter column hashes set storage external;

-- Which accepted checkpoints of access logs have their entry, so that nobody reads the log to find out. A row
-- that is missing after a crash makes a second entry, never none.
create table recorded_checkpoint (
  log_id text not null,
  size   bigint not null check (size >= 0),
  primary key (log_id, size)
);

-- Nobody holds UPDATE, DELETE or TRUNCATE on the log. That absence is the control.
grant select, insert on control_batch, control_tile, recorded_checkpoint to vault_service;
