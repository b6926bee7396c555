-- Copies of identity documents (本人確認書類の写し): sealed under the key of their record, so that whatever erases
-- that key ends them too, and purged when their days are over.

create table identity_document (
  tenant_id    text not null references tenant,
  document_id  uuid not null,
  record_id    uuid not null,
  -- The check it was taken for.
  check_code   text not null check (check_code ~ '^[NI][1-9]$'),
  media_type   text not null check (media_type in ('image/jpeg', 'image/png', 'application/pdf')),
  bytes        integer not null check (bytes between 1 and 5242880),
  -- Legal days. Without a day of verification the time is counted from the day of storing.
  verified_on  date,
  counted_from date not null,
  sealed       bytea,
  stored_at    timestamptz not null default now(),
  stored_by    text not null,
  stored_rid   uuid not null,
  purged_at    timestamptz,
  purged_for   text check (purged_for in ('time', 'disposal')),
  primary key (tenant_id, document_id),
  foreign key (tenant_id, record_id) references number_record,
  check ((sealed is null) = (purged_at is not null) and (purged_at is null) = (purged_for is null))
);
-- Sealed bytes do not compress.
alter table identity_document alter column sealed set storage external;
create index identity_document_of_record on identity_document (tenant_id, record_id);
create index identity_document_kept on identity_document (tenant_id, counted_from) where purged_at is null;
create index identity_document_purged on identity_document (tenant_id, purged_at, document_id)
  where purged_at is not null;

-- How many days a tenant keeps them: the newest row. Without one, as long as the rule allows.
create table identity_document_period (
  tenant_id text not null references tenant,
  seq       bigint generated always as identity,
  keep_days integer not null check (keep_days between 1 and 366),
  set_at    timestamptz not null default now(),
  set_by    text not null,
  primary key (tenant_id, seq)
);

do $$
declare guarded text;
begin
  foreach guarded in array array['identity_document', 'identity_document_period'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;
-- No right to update: nobody puts other bytes in the place of those that were sealed.
grant select, insert on identity_document, identity_document_period to vault_service;

-- The one way to drop the bytes of copies before their record goes: all that are counted from these days.
create function purge_identity_documents(p_tenant text, p_counted_from date[]) returns bigint
language sql security definer set search_path = vault, pg_temp as $$
  with purged as (
    update identity_document set sealed = null, purged_at = now(), purged_for = 'time'
    where tenant_id = p_tenant and counted_from = any(p_counted_from) and purged_at is null
    returning 1
  ) select count(*) from purged
$$;
revoke execute on function purge_identity_documents from public;
grant execute on function purge_identity_documents to vault_service;

-- As before, and the copies of a record go with it.
create or replace function dispose_of_records(p_tenant text, p_records uuid[]) returns setof uuid
language sql security definer set search_path = vault, pg_temp as $$
  with copies as (
    update identity_document set sealed = null, purged_at = now(), purged_for = 'disposal'
    where tenant_id = p_tenant and record_id = any(p_records) and purged_at is null
  )
  update number_record set disposed_at = now(), sealed_number = null
  where tenant_id = p_tenant and record_id = any(p_records) and disposed_at is null
  returning record_id
$$;
