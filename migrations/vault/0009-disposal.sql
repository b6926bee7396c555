-- Disposal: batches that people approved, the epochs that erase them, the instances an epoch waits for, and
-- what others are told of records.

-- A record of an ordered batch is frozen: it reads as disposed of, and comes back only by a stop or a hold.
alter table number_record add column frozen_at timestamptz;
alter table number_record alter column sealed_number drop not null;
alter table number_record add constraint number_record_sealed_while_living
  check (sealed_number is not null or disposed_at is not null);
grant update (frozen_at) on number_record to vault_service;

-- What was disposed of stays so: no role of a service brings a row back.
create policy number_record_disposed_for_good on number_record as restrictive for update
  using (disposed_at is null) with check (true);

-- The one way to drop sealed bytes. No role of a service can write others in their place: none may update them.
create function dispose_of_records(p_tenant text, p_records uuid[]) returns setof uuid
language sql security definer set search_path = vault, pg_temp as $$
  update number_record set disposed_at = now(), sealed_number = null
  where tenant_id = p_tenant and record_id = any(p_records) and disposed_at is null
  returning record_id
$$;
revoke execute on function dispose_of_records from public;
grant execute on function dispose_of_records to vault_service;

-- One row an epoch, a rotation too. `log_from` is the size of the control log when it was planned: its entries
-- stand behind. The map heads are those of the certificate.
create table epoch_job (
  epoch         integer primary key check (epoch > 1),
  kind          text not null check (kind in ('erasure', 'rotation')),
  state         text not null default 'planned' check (state in (
    'planned', 'proved', 'intent', 'rooted', 'rekeying', 'flipped', 'fenced', 'done', 'aborting', 'aborted')),
  -- Grows with every runner: whoever holds an older one writes nothing any more.
  fence         bigint not null default 0,
  planned_at    timestamptz not null default clock_timestamp(),
  log_from      bigint not null,
  root_from     text not null,
  map_before    jsonb,
  map_after     jsonb,
  intent_index  bigint,
  root_index    bigint,
  flipped_index bigint,
  fenced_index  bigint,
  done_index    bigint,
  flipped_at    timestamptz
);
-- Two epochs never: not even two runners that lost their lock can have two open jobs.
create unique index epoch_job_open on epoch_job ((true)) where state not in ('done', 'aborted');

-- A batch of one tenant. No row security: an epoch goes over the batches of all tenants. Who asked, and which
-- records, is in tables that have it.
create table disposal (
  disposal_id   uuid primary key,
  tenant_id     text not null references tenant,
  case_id       text not null check (case_id ~ '^[A-Z][A-Z0-9-]{0,39}$'),
  batch_hash    bytea not null check (octet_length(batch_hash) = 32),
  n             integer not null check (n between 1 and 50000),
  requested_at  timestamptz not null default now(),
  -- A hold was reported and nobody has approved anew since.
  held          boolean not null default false,
  ordered_at    timestamptz,
  -- The two approvals the order rests on: their places in the control log.
  approvals     bigint[] not null default '{}',
  epoch         integer references epoch_job,
  stopped_at    timestamptz,
  stopped_index bigint
);
create index disposal_waiting on disposal (ordered_at) where ordered_at is not null and epoch is null;
create index disposal_of_epoch on disposal (epoch);

-- What people did about a batch, each with its entry in the control log and the nonce that opens it.
create table disposal_act (
  disposal_id   uuid not null references disposal,
  tenant_id     text not null references tenant,
  kind          text not null check (kind in ('requested', 'approved', 'held')),
  control_index bigint not null unique,
  iss           text not null,
  sub           text not null,
  nonce         text not null,
  -- The signed request: used once, whatever it was for.
  rid           uuid not null,
  at            timestamptz not null default now(),
  -- An approval from before a hold.
  void          boolean not null default false,
  primary key (disposal_id, control_index),
  unique (tenant_id, rid)
);

-- The records of a batch in its order, and what the epoch kept of each for the certificate. A proof: the height
-- of the tree, then for each node its key commitment and six siblings.
create table disposal_item (
  disposal_id    uuid not null references disposal,
  at             integer not null check (at >= 0),
  tenant_id      text not null references tenant,
  record_id      uuid not null,
  tree           integer not null,
  position       bigint not null,
  open           boolean not null default true,
  dek_commitment bytea check (octet_length(dek_commitment) = 32),
  proof_before   bytea,
  proof_after    bytea,
  egress         jsonb,
  primary key (disposal_id, at),
  foreign key (tenant_id, record_id) references number_record
);
-- In one open batch at a time; one that was erased stays in its batch.
create unique index disposal_item_open on disposal_item (tenant_id, record_id) where open;
create index disposal_item_position on disposal_item (tenant_id, position) where open;
alter table disposal_item alter column proof_before set storage external;
alter table disposal_item alter column proof_after set storage external;

create table disposal_certificate (
  disposal_id   uuid not null references disposal,
  certificate   bytea not null check (octet_length(certificate) = 32),
  control_index bigint not null unique,
  primary key (disposal_id, certificate)
);

-- An order for fresh keys everywhere, without erasing anything.
create table rotation (
  rotation_id  uuid primary key,
  requested_at timestamptz not null default now(),
  epoch        integer references epoch_job
);
create index rotation_waiting on rotation (requested_at) where epoch is null;

-- The instances of the vault. `epoch_acked`: it holds no key, and answers nothing, from before that flip. One
-- that fell silent stops answering by itself before an epoch goes on without it.
create table vault_instance (
  instance_id text primary key check (length(instance_id) between 1 and 200),
  boot_id     uuid not null,
  seen_at     timestamptz not null default clock_timestamp(),
  epoch_acked integer not null,
  stopped     boolean not null default false
);

-- What the disposal service is told, written in the transaction it tells of. No row security: the one reader
-- follows all tenants. Ordered by (xid, seq): see the function below.
create table record_event (
  xid            xid8 not null default pg_current_xact_id(),
  seq            bigint generated always as identity,
  tenant_id      text not null,
  record_id      uuid not null,
  kind           text not null check (kind in ('stored', 'frozen', 'released-from-freeze', 'erased')),
  at             timestamptz not null default now(),
  subject        text,
  purposes       text[],
  individual_ref text,
  related_ref    text,
  primary key (xid, seq)
);

-- Whoever reads by `seq` alone skips what a slower transaction commits later with a smaller one. Every
-- transaction below the horizon has ended, so nothing is ever added below it.
create function record_events_after(p_xid xid8, p_seq bigint, p_limit integer)
returns setof record_event language sql stable security invoker set search_path = vault, pg_temp as $$
  select * from record_event e
  where (e.xid, e.seq) > (p_xid, p_seq) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
  order by e.xid, e.seq limit p_limit
$$;
revoke execute on function record_events_after from public;
grant execute on function record_events_after to vault_service;

do $$
declare guarded text;
begin
  foreach guarded in array array['disposal_act', 'disposal_item'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;

grant select, insert on epoch_job, disposal, disposal_act, disposal_item, disposal_certificate, rotation,
  vault_instance, record_event to vault_service;
grant update (state, fence, map_before, map_after, intent_index, root_index, flipped_index, fenced_index,
  done_index, flipped_at) on epoch_job to vault_service;
grant update (held, ordered_at, approvals, epoch, stopped_at, stopped_index) on disposal to vault_service;
grant update (void) on disposal_act to vault_service;
grant update (open, dek_commitment, proof_before, proof_after, egress) on disposal_item to vault_service;
grant update (epoch) on rotation to vault_service;
grant update (boot_id, seen_at, epoch_acked, stopped) on vault_instance to vault_service;

-- As before, but a frozen record reads as disposed of.
create or replace function release_records(
  p_tenant text, p_log text,
  p_day date[], p_rid uuid[], p_first bigint[], p_n integer[],
  p_entries bytea, p_at integer[], p_length integer[],
  p_wanted_rid uuid[], p_wanted_record uuid[]
) returns table (
  kind text, rid uuid, record_id uuid, "position" bigint, sealed_number bytea,
  purposes text[], disposed boolean
) language plpgsql security invoker set search_path = vault, pg_temp as $$
begin
  perform set_config('app.tenant', p_tenant, true);
  if exists (select from log_fork f where f.log_id = p_log) then
    return query select 'forked', null::uuid, null::uuid, null::bigint, null::bytea, null::text[],
      null::boolean;
    return;
  end if;
  return query
    with consumed as (
      insert into release (day, tenant_id, rid, log_id, first_index, n, entries)
      select r.day, p_tenant, r.rid, p_log, r.first_index, r.n, substr(p_entries, r.at, r.length)
      from unnest(p_day, p_rid, p_first, p_n, p_at, p_length) as r(day, rid, first_index, n, at, length)
      on conflict do nothing
      returning release.rid
    )
    select 'record', w.rid, w.record_id, k."position",
      case when k.disposed_at is null and k.frozen_at is null then k.sealed_number end, k.purposes,
      k.record_id is not null and (k.disposed_at is not null or k.frozen_at is not null)
    from unnest(p_wanted_rid, p_wanted_record) with ordinality as w(rid, record_id, at)
    join consumed using (rid)
    left join number_record k on k.tenant_id = p_tenant and k.record_id = w.record_id
    order by w.at;
end $$;
