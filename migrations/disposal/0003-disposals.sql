-- Disposals: what people want destroyed, why, and what became of it. The vault alone decides and erases.

create table disposal (
  tenant_id       text not null check (tenant_id ~ '^[a-z][a-z0-9-]{1,39}$'),
  disposal_id     uuid not null,
  case_id         text not null check (case_id ~ '^[A-Z][A-Z0-9-]{0,39}$'),
  -- Why these records are due, in the words of who drafted it. It is told to those who approve, and leaves
  -- this database for no log, certificate or other service.
  reason          text not null check (char_length(reason) between 1 and 500),
  -- RFC 6962 root over the record ids, 16 bytes each, in order: what requester and approvers sign.
  batch_hash      bytea not null check (octet_length(batch_hash) = 32),
  n               integer not null check (n between 1 and 50000),
  drafted_at      timestamptz not null default now(),
  drafted_by      text not null,
  client_id       text not null,
  idempotency_key text not null,
  -- What this service has set out to do for people, so that it is done after a crash.
  asked_at        timestamptz,
  ordered_at      timestamptz,
  stop_at         timestamptz,
  -- What the vault said last; null before it knew of the disposal.
  vault_state     text check (vault_state in ('requested', 'frozen', 'intent', 'rekeying', 'flipped',
                    'fenced', 'erased', 'stopped')),
  held            boolean not null default false,
  approvals       integer not null default 0,
  epoch           bigint,
  indices         jsonb,
  looked_at       timestamptz,
  primary key (tenant_id, disposal_id),
  unique (tenant_id, client_id, idempotency_key)
);

-- The records of a disposal in the order that is hashed. The tenant's own key of the person is kept until the
-- tenant has it, so that they know whose numbers are gone.
create table disposal_record (
  tenant_id      text not null,
  disposal_id    uuid not null,
  at             integer not null check (at >= 0),
  record_id      uuid not null,
  individual_ref text check (char_length(individual_ref) between 1 and 64),
  primary key (tenant_id, disposal_id, at),
  unique (tenant_id, disposal_id, record_id),
  foreign key (tenant_id, disposal_id) references disposal
);

create table disposal_certificate (
  tenant_id   text not null,
  disposal_id uuid not null,
  -- One series over the whole deployment.
  number      bigint not null unique,
  -- Compact JWS, as it is given out.
  certificate text not null,
  -- SHA-256 of it: what the control log says was issued.
  hash        bytea not null check (octet_length(hash) = 32),
  issued_at   timestamptz not null default now(),
  -- Its entry `certificate.issued` in the control log.
  control_index bigint,
  primary key (tenant_id, disposal_id),
  foreign key (tenant_id, disposal_id) references disposal
);

-- Names no tenant's facts, so a job may read it for all of them: which disposals are under way.
create table disposal_watch (
  disposal_id uuid primary key,
  tenant_id   text not null
);

-- Certificates are numbered from 1 without a gap: a number is taken once, and for one disposal.
create table certificate_number (
  number      bigint primary key check (number > 0),
  disposal_id uuid not null unique,
  taken_at    timestamptz not null default now()
);

-- What this service has seen of the vault's control log: a memory outside the vault's database.
create table seen_control_checkpoint (
  size bigint primary key check (size > 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  at   timestamptz not null default now()
);

alter table disposal enable row level security;
alter table disposal force row level security;
create policy disposal_of_tenant on disposal
  using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));
alter table disposal_record enable row level security;
alter table disposal_record force row level security;
create policy disposal_record_of_tenant on disposal_record
  using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));
alter table disposal_certificate enable row level security;
alter table disposal_certificate force row level security;
create policy disposal_certificate_of_tenant on disposal_certificate
  using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));

grant select, insert on disposal, disposal_record, disposal_certificate, certificate_number,
  seen_control_checkpoint to disposal_service;
-- What was drafted never changes: neither the records, nor their order, nor the reason.
grant update (asked_at, ordered_at, stop_at, vault_state, held, approvals, epoch, indices, looked_at)
  on disposal to disposal_service;
grant update (individual_ref) on disposal_record to disposal_service;
grant update (control_index) on disposal_certificate to disposal_service;
grant select, insert, delete on disposal_watch to disposal_service;
