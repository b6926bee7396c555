-- Which exports of the key tree were written to every place, and which of them have been restored. The evidence
-- is `restore.verified` in the control log; this says where to look.
create table key_tree_export (
  digest         bytea primary key check (octet_length(digest) = 32),
  name           text not null unique check (name ~ '^key-tree-[0-9]{10}-[0-9]{15}[.]export$'),
  epoch          integer not null check (epoch > 0),
  taken_at       timestamptz not null,
  bytes          bigint not null check (bytes > 0),
  verified_at    timestamptz,
  -- Index of its entry in the control log.
  verified_index bigint check (verified_index >= 0)
);
create index key_tree_export_newest on key_tree_export (epoch, taken_at);
grant select, insert on key_tree_export to vault_service;
grant update (verified_at, verified_index) on key_tree_export to vault_service;
