-- One history of each access log, on all instances: the newest checkpoint moves under a lock, and a log that
-- was caught in two histories releases nothing more.

-- The signed checkpoint that contradicts the accepted ones: the evidence. While a log has a row here nothing
-- leaves by it, on any instance. No role of a service takes it away: a person does, who knows why it happened.
create table log_fork (
  log_id text primary key,
  size   bigint not null check (size >= 0),
  root   bytea not null check (octet_length(root) = 32),
  note   text not null,
  at     timestamptz not null default now()
);
grant select, insert on log_fork to vault_service;

-- Accepts a checkpoint which the caller has proven consistent with the accepted one of `p_compared_size`
-- (-1: none was known). Outcome 'accepted'; 'newest' with the newest one, when the caller did not compare
-- with it and has to; 'forked' when another root is accepted for this size, or a fork was found before.
-- A prefix of an accepted checkpoint needs no comparing with the newest: it lies on the one history already.
create function accept_checkpoint(
  p_log text, p_size bigint, p_root bytea, p_note text, p_compared_size bigint
) returns table (outcome text, size bigint, root bytea)
language plpgsql security invoker set search_path = vault, pg_temp as $$
declare
  newest record;
  accepted_root bytea;
begin
  -- Two instances that each saw half of a fork would both find it consistent with what was there before.
  perform pg_advisory_xact_lock(hashtextextended(p_log, 0));
  -- Not waited for: what rests on this head commits after it, and a flush writes everything before it too.
  -- A crash that loses the head loses every release under it as well.
  perform set_config('synchronous_commit', 'off', true);
  if exists (select from log_fork f where f.log_id = p_log) then
    return query select 'forked', null::bigint, null::bytea;
    return;
  end if;
  select c.root into accepted_root from seen_checkpoint c where c.log_id = p_log and c.size = p_size;
  if found then
    return query select case when accepted_root = p_root then 'accepted' else 'forked' end,
      p_size, accepted_root;
    return;
  end if;
  select c.size, c.root into newest from seen_checkpoint c
    where c.log_id = p_log order by c.size desc limit 1;
  if found and newest.size <> p_compared_size and p_compared_size < p_size then
    return query select 'newest', newest.size, newest.root;
    return;
  end if;
  insert into seen_checkpoint (log_id, size, root, note) values (p_log, p_size, p_root, p_note);
  return query select 'accepted', p_size, p_root;
end $$;
revoke execute on function accept_checkpoint from public;
grant execute on function accept_checkpoint to vault_service;

-- The release, in one statement and one transaction: consume the request ids, keep the entries, read the
-- sealed rows. A request id taken before yields no row: nothing is read for it. A log caught in a fork
-- consumes nothing and yields one row of kind 'forked'. The checkpoint is accepted before, by itself.
drop function release_records(text, text, bigint, bytea, text, bigint, date[], uuid[], bigint[], integer[],
  bytea[], uuid[], uuid[]);
create function release_records(
  p_tenant text, p_log text,
  p_day date[], p_rid uuid[], p_first bigint[], p_n integer[],
  -- The entries of all requests one after another, and for each request where its own begin and how long they are.
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
    select 'record', w.rid, w.record_id, k."position", k.sealed_number, k.purposes,
      k.disposed_at is not null
    from unnest(p_wanted_rid, p_wanted_record) with ordinality as w(rid, record_id, at)
    join consumed using (rid)
    left join number_record k on k.tenant_id = p_tenant and k.record_id = w.record_id
    order by w.at;
end $$;
revoke execute on function release_records from public;
grant execute on function release_records to vault_service;

-- Only a key past its time may be forgotten: a key forgotten earlier would let a repeat store twice.
create policy idempotency_forgotten_late on idempotency as restrictive for delete
  using (expires_at <= now());
