-- A number that changed (番号変更) or was mistyped is stored as a record of its own, with a key of its own. The
-- record before it is superseded: it names its successor, is disclosed for forms filed with it alone, and is
-- disposed of as any other.

alter table number_record
  add column superseded_by uuid,
  add column superseded_as text check (superseded_as in ('changed', 'corrected')),
  -- Legal day from which the successor's number holds.
  add column superseded_from date,
  add constraint number_record_superseded_whole check (
    (superseded_by is null) = (superseded_as is null) and (superseded_by is null) = (superseded_from is null)),
  add constraint number_record_successor check (superseded_by <> record_id),
  -- Deferred: the old row makes room in the index of the living before the new one comes.
  add constraint number_record_superseded_by foreign key (tenant_id, superseded_by)
    references number_record deferrable initially deferred;
grant update (superseded_by, superseded_as, superseded_from) on number_record to vault_service;
-- Each number follows one other.
create unique index number_record_successor_once on number_record (tenant_id, superseded_by)
  where superseded_by is not null;

drop index number_record_living;
create unique index number_record_living on number_record (tenant_id, subject, individual_ref)
  where disposed_at is null and superseded_by is null;

-- What was superseded stays so, and by the same record: no role of a service takes it back.
create function refuse_other_successor() returns trigger language plpgsql set search_path = vault, pg_temp as $$
begin
  raise exception 'a record is superseded once' using errcode = 'restrict_violation';
end $$;
create trigger number_record_superseded_once before update on number_record
  for each row when (old.superseded_by is not null and
    (old.superseded_by, old.superseded_as, old.superseded_from)
      is distinct from (new.superseded_by, new.superseded_as, new.superseded_from))
  execute function refuse_other_successor();

alter table record_event
  add column successor_id uuid,
  add column reason text check (reason in ('changed', 'corrected')),
  add column effective_from date;
alter table record_event drop constraint record_event_kind_check;
alter table record_event add constraint record_event_kind_check
  check (kind in ('stored', 'frozen', 'released-from-freeze', 'erased', 'number-changed'));

-- As before, and tells of a record what superseded it.
drop function release_records(text, text, date[], uuid[], bigint[], integer[], bytea, integer[], integer[],
  uuid[], uuid[]);
create function release_records(
  p_tenant text, p_log text,
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
