-- Legal holds (法的保全), as the disposal service tells of them: while one covers an individual, no copy of an
-- identity document of theirs is purged. Told holds only grow: a hold is placed once and lifted once, so whatever
-- order they come in, and however often, the same is known.

create table legal_hold (
  tenant_id text not null references tenant,
  hold_id   uuid not null,
  -- Covers every record of the tenant; otherwise those of the individuals it names.
  whole     boolean not null,
  told_at   timestamptz not null default now(),
  lifted_at timestamptz,
  primary key (tenant_id, hold_id)
);
create table legal_hold_individual (
  tenant_id      text not null,
  hold_id        uuid not null,
  individual_ref text not null check (char_length(individual_ref) between 1 and 64),
  primary key (tenant_id, hold_id, individual_ref),
  foreign key (tenant_id, hold_id) references legal_hold
);
create index legal_hold_individual_of on legal_hold_individual (tenant_id, individual_ref);

-- When everything there was had been told last. Too long ago, and nothing is purged.
create table legal_holds_told (
  only_row boolean primary key default true check (only_row),
  told_at  timestamptz not null
);

do $$
declare guarded text;
begin
  foreach guarded in array array['legal_hold', 'legal_hold_individual'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;
grant select, insert on legal_hold, legal_hold_individual, legal_holds_told to vault_service;
grant update (lifted_at) on legal_hold to vault_service;
grant update (told_at) on legal_holds_told to vault_service;

-- Whether a living hold covers a record: by its own individual, by that of the employee it belongs to, or because
-- the whole tenant is held.
create function is_held(p_tenant text, p_individual_ref text, p_related_ref text) returns boolean
language sql stable set search_path = vault, pg_temp as $$
  select exists (
    select from legal_hold h where h.tenant_id = p_tenant and h.lifted_at is null and (h.whole
      or exists (select from legal_hold_individual i where i.tenant_id = h.tenant_id and i.hold_id = h.hold_id
        and i.individual_ref in (p_individual_ref, p_related_ref))))
$$;
revoke execute on function is_held from public;
grant execute on function is_held to vault_service;

-- As before, but for the copies of whom a hold covers.
create or replace function purge_identity_documents(p_tenant text, p_counted_from date[]) returns bigint
language sql security definer set search_path = vault, pg_temp as $$
  with purged as (
    update identity_document d set sealed = null, purged_at = now(), purged_for = 'time'
    from number_record r
    where d.tenant_id = p_tenant and d.counted_from = any(p_counted_from) and d.purged_at is null
      and r.tenant_id = d.tenant_id and r.record_id = d.record_id
      and not is_held(r.tenant_id, r.individual_ref, r.related_ref)
    returning 1
  ) select count(*) from purged
$$;
