-- A head is accepted without waiting for the disk. A crash of the server may lose it, while the instances that
-- accepted it remember it: what they compare with, and what they release under, has to be there still.
drop function accept_checkpoint(text, bigint, bytea, text, bigint);
create function accept_checkpoint(
  p_log text, p_size bigint, p_root bytea, p_note text, p_compared_size bigint, p_compared_root bytea
) returns table (outcome text, size bigint, root bytea)
language plpgsql security invoker set search_path = vault, pg_temp as $$
declare
  newest record;
  accepted_root bytea;
begin
  -- Two instances that each saw half of a fork would both find it consistent with what was there before.
  perform pg_advisory_xact_lock(hashtextextended(p_log, 0));
  -- Not waited for: what rests on this head commits after it, and a flush writes everything before it too.
  -- A crash that loses the head loses every release under it as well; an instance that still remembers the head
  -- finds it missing, here when it compares another with it, in release_records when it would release under it.
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
  if found and (p_compared_size is null
      or p_compared_size < p_size and newest.size <> p_compared_size
      or not exists (select from seen_checkpoint c
        where c.log_id = p_log and c.size = p_compared_size and c.root = p_compared_root)) then
    return query select 'newest', newest.size, newest.root;
    return;
  end if;
  insert into seen_checkpoint (log_id, size, root, note) values (p_log, p_size, p_root, p_note);
  return query select 'accepted', p_size, p_root;
end $$;
revoke execute on function accept_checkpoint from public;
grant execute on function accept_checkpoint to vault_service;

-- As before, and nothing under a head that is not there.
drop function release_records(text, text, date[], uuid[], bigint[], integer[], bytea, integer[], integer[],
  uuid[], uuid[]);
create function release_records(
  p_tenant text, p_log text, p_size bigint, p_root bytea,
  p_day date[], p_rid uuid[], p_first bigint[], p_n integer[],
  p_entries bytea, p_at integer[], p_length integer[],
  p_wanted_rid uuid[], p_wanted_record uuid[]
) returns table (
  kind text, rid uuid, record_id uuid, "position" bigint, sealed_number bytea,
  purposes text[], disposed boolean, superseded_by uuid, superseded_as text
) language plpgsql security invoker set search_path = vault, pg_temp as $$
begin
  perform set_config('app.tenant', p_tenant, true);
  if exists (select from log_fork f where f.log_id = p_log) then
    return query select 'forked', null::uuid, null::uuid, null::bigint, null::bytea, null::text[],
      null::boolean, null::uuid, null::text;
    return;
  end if;
  if not exists (select from seen_checkpoint c where c.log_id = p_log and c.size = p_size and c.root = p_root) then
    return query select 'head-lost', null::uuid, null::uuid, null::bigint, null::bytea, null::text[],
      null::boolean, null::uuid, null::text;
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
      k.record_id is not null and (k.disposed_at is not null or k.frozen_at is not null),
      k.superseded_by, k.superseded_as
    from unnest(p_wanted_rid, p_wanted_record) with ordinality as w(rid, record_id, at)
    join consumed using (rid)
    left join number_record k on k.tenant_id = p_tenant and k.record_id = w.record_id
    order by w.at;
end $$;
revoke execute on function release_records from public;
grant execute on function release_records to vault_service;
