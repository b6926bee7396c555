-- What the vault keeps: the sealed numbers, what it released, and which checkpoints it has seen.

create table tenant (
  tenant_id  text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,39}$'),
  -- The one log whose entries release this tenant's numbers, pinned at creation.
  log_origin text not null unique,
  created_at timestamptz not null default now(),
  created_by text not null
);

create table number_record (
  tenant_id      text not null references tenant,
  record_id      uuid not null,
  individual_ref text not null check (char_length(individual_ref) between 1 and 64),
  subject        text not null check (subject in ('E', 'D', 'S3', 'P', 'H')),
  related_ref    text check (char_length(related_ref) between 1 and 64),
  purposes       text[] not null check (cardinality(purposes) between 1 and 40),
  verification   jsonb not null,
  notice_version text not null,
  -- Position of the key in the tenant's key tree; assigned once, never reused.
  position       bigint not null,
  sealed_number  bytea not null,
  stored_at      timestamptz not null default now(),
  stored_by      text not null,
  stored_rid     uuid not null,
  disposed_at    timestamptz,
  primary key (tenant_id, record_id)
);
create unique index number_record_living
  on number_record (tenant_id, subject, individual_ref) where disposed_at is null;
create unique index number_record_position on number_record (tenant_id, position);

-- The egress history: one row per request that released. Its primary key is what makes a request single-use
-- on every instance and after any restart. Lives as long as the record, whatever the log's retention.
create table release (
  day         date not null,
  tenant_id   text not null references tenant,
  rid         uuid not null,
  log_id      text not null,
  first_index bigint not null,
  n           integer not null check (n > 0),
  entries     bytea not null,
  at          timestamptz not null default now(),
  primary key (day, tenant_id, rid)
);
alter table release alter column entries set storage external;

create table seen_checkpoint (
  log_id text not null,
  size   bigint not null check (size >= 0),
  root   bytea not null check (octet_length(root) = 32),
  note   text not null,
  at     timestamptz not null default now(),
  primary key (log_id, size)
);

-- A repeat of a create finds the id it made. The digest is over the body without the number: a digest over a
-- number is the number, to anyone with a hundred billion guesses.
create table idempotency (
  tenant_id  text not null references tenant,
  client_id  text not null,
  route      text not null,
  key        text not null,
  digest     bytea not null check (octet_length(digest) = 32),
  record_id  uuid not null,
  expires_at timestamptz not null,
  primary key (tenant_id, client_id, route, key)
);
create index idempotency_expiry on idempotency (expires_at);

do $$
declare guarded text;
begin
  foreach guarded in array array['number_record', 'release', 'idempotency'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;

grant select, insert on tenant, number_record, release, seen_checkpoint, idempotency to vault_service;
-- Disposal marks a record; nothing else of it ever changes. Release rows and checkpoints are never touched.
grant update (disposed_at) on number_record to vault_service;
-- Only a key that has expired may be forgotten.
grant delete on idempotency to vault_service;

-- The release, in one statement and one transaction: consume the request ids, keep the entries, remember the
-- checkpoint, read the sealed rows. A request id taken before yields no row: nothing is read for it.
-- When the newest checkpoint stored is not one the caller has compared with, nothing is done and that
-- checkpoint is returned (kind 'checkpoint'), so that the caller proves consistency with it first.
create function release_records(
  p_tenant text, p_log text,
  p_size bigint, p_root bytea, p_note text, p_compared_size bigint,
  p_day date[], p_rid uuid[], p_first bigint[], p_n integer[], p_entries bytea[],
  p_wanted_rid uuid[], p_wanted_record uuid[]
) returns table (
  kind text, rid uuid, record_id uuid, "position" bigint, sealed_number bytea,
  purposes text[], disposed boolean, size bigint, root bytea
) language plpgsql security invoker set search_path = vault, pg_temp as $$
declare newest record;
begin
  perform set_config('app.tenant', p_tenant, true);
  select c.size, c.root into newest from seen_checkpoint c
    where c.log_id = p_log order by c.size desc limit 1;
  if found and newest.size <> p_compared_size
     and (newest.size <> p_size or newest.root <> p_root) then
    return query select 'checkpoint', null::uuid, null::uuid, null::bigint, null::bytea,
      null::text[], null::boolean, newest.size, newest.root;
    return;
  end if;
  if newest.size is distinct from p_size then
    insert into seen_checkpoint (log_id, size, root, note) values (p_log, p_size, p_root, p_note)
      on conflict do nothing;
  end if;
  return query
    with consumed as (
      insert into release (day, tenant_id, rid, log_id, first_index, n, entries)
      select r.day, p_tenant, r.rid, p_log, r.first_index, r.n, r.entries
      from unnest(p_day, p_rid, p_first, p_n, p_entries) as r(day, rid, first_index, n, entries)
      on conflict do nothing
      returning release.rid
    )
    select 'record', w.rid, w.record_id, k."position", k.sealed_number, k.purposes,
      k.disposed_at is not null, null::bigint, null::bytea
    from unnest(p_wanted_rid, p_wanted_record) with ordinality as w(rid, record_id, at)
    join consumed using (rid)
    left join number_record k on k.tenant_id = p_tenant and k.record_id = w.record_id
    order by w.at;
end $$;
revoke execute on function release_records from public;
grant execute on function release_records to vault_service;
