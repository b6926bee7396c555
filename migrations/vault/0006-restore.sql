-- The restore fence: what is remembered of the control log outside of this database, and what a restore of it
-- has to be reconciled with. An older copy of this database brings older rows: what was said before a process
-- began counts for nothing to it.

-- The last word of each who remembers: the access proxy, the disposal service, every witness, an operator.
create table outside_memory (
  source      text primary key check (length(source) between 1 and 100),
  size        bigint not null check (size >= 0),
  -- Null when only a size was said.
  root        bytea check (octet_length(root) = 32),
  -- Said that what this database showed is another log than the one remembered.
  contradicts boolean not null,
  said_at     timestamptz not null
);
grant select, insert, update on outside_memory to vault_service;

-- An incident is open until people have reconciled it. While one is open nothing is released, stored or erased.
create table reconciliation (
  id          bigint primary key generated always as identity,
  due_since   timestamptz not null default now(),
  reason      text not null check (length(reason) between 1 and 200),
  -- The first of two persons, who saw these findings.
  proposed_by text,
  proposed_at timestamptz,
  findings    text,
  -- Records dropped again so far: a reconciliation that was cut off goes on.
  dropped     bigint not null default 0,
  done_by     text,
  done_at     timestamptz
);
create unique index reconciliation_open on reconciliation ((true)) where done_at is null;
grant select on reconciliation to vault_service;
grant insert (reason) on reconciliation to vault_service;
grant update (proposed_by, proposed_at, findings, dropped, done_by, done_at) on reconciliation to vault_service;
