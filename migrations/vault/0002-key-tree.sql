-- The erasure key tree. Every secret in these tables is sealed; the root version that opens the top key is
-- not in the database. No role may delete here: an erased slot is a fresh key and a terminal hash, never a
-- missing row, and positions, leaves and ordinals are never used again.
-- No row security: nodes of the S-tree belong to all tenants, and a sealed node is bound to its tenant by
-- its own authenticated data.

create table tree_head (
  singleton boolean primary key default true check (singleton),
  epoch integer not null check (epoch > 0),
  root_ref text not null check (length(root_ref) between 1 and 200),
  sealed_top_key bytea not null check (octet_length(sealed_top_key) <= 4096)
);

create table tree (
  tenant_id text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,39}$'),
  -- The number of the tenant's tree in `node`, and its slot in the S-tree (tree 0, 64^3 slots).
  ordinal bigint not null unique check (ordinal between 1 and 262143),
  height smallint not null default 1 check (height between 1 and 8),
  -- Leaf indices given out so far.
  leaves bigint not null default 1 check (leaves > 0)
);

create table node (
  tree bigint not null check (tree >= 0),
  level smallint not null check (level between 0 and 16),
  idx bigint not null check (idx >= 0),
  version bigint not null check (version > 0),
  key_generation integer not null check (key_generation > 0),
  epoch integer not null check (epoch > 0),
  used smallint not null check (used between 0 and 64),
  sealed bytea not null check (octet_length(sealed) = 2130),
  slot_hashes bytea not null check (octet_length(slot_hashes) = 2048),
  key_commitment bytea not null check (octet_length(key_commitment) = 32),
  -- Null = stale: to be computed when the map is next read.
  merkle_hash bytea check (octet_length(merkle_hash) = 32),
  primary key (tree, level, idx)
);

-- Random bytes do not compress, and 4.3 kB fit a page: kept in the row, so that a read touches one page and
-- a write makes no out-of-line copies.
alter table node alter column sealed set storage plain;
alter table node alter column slot_hashes set storage plain;
alter table node alter column key_commitment set storage plain;
alter table node alter column merkle_hash set storage plain;

create index node_open_leaf on node (tree, idx) where level = 0 and used < 64;
create index node_stale on node (tree, level, idx) where merkle_hash is null;

grant select, insert on tree_head, tree, node to vault_service;
grant update (epoch, root_ref, sealed_top_key) on tree_head to vault_service;
grant update (height, leaves) on tree to vault_service;
grant update (version, key_generation, epoch, used, sealed, slot_hashes, key_commitment, merkle_hash)
  on node to vault_service;
