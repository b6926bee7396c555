-- The tables of the law a tenant may compute by, and which of them two of its people signed off.

-- INSERT-only. One version has one content at a tenant, so that a version in a list says which table it was.
create table law_table (
  tenant_id text not null references retention_tenant,
  -- SHA-256 over the canonical text (RFC 8785).
  digest    bytea not null check (octet_length(digest) = 32),
  version   date not null,
  -- It came with a release of the product, or a person of the tenant loaded it.
  source    text not null check (source in ('released', 'loaded')),
  content   jsonb not null,
  came_at   timestamptz not null default now(),
  came_by   text,
  primary key (tenant_id, digest),
  unique (tenant_id, version),
  check ((source = 'loaded') = (came_by is not null))
);

-- What a table would do, as people looked at it before they signed: INSERT-only.
create table law_simulation (
  tenant_id     text not null,
  simulation_id uuid not null,
  table_digest  bytea not null,
  -- The table in use when it was made.
  in_use_digest bytea not null,
  -- SHA-256 over the canonical text of the result.
  digest        bytea not null check (octet_length(digest) = 32),
  result        jsonb not null,
  made_on       date not null,
  made_at       timestamptz not null default now(),
  made_by       text not null,
  primary key (tenant_id, simulation_id),
  foreign key (tenant_id, table_digest) references law_table,
  foreign key (tenant_id, in_use_digest) references law_table
);

-- One person proposes, another confirms; it is in use from `effective_on`. The first row of a tenant has no
-- people: it is the table of the release by which the tenant began.
create table law_adoption (
  tenant_id     text not null,
  adoption_id   uuid not null,
  table_digest  bytea not null,
  simulation_id uuid,
  adopt_from    date not null,
  reason        text check (char_length(reason) between 1 and 500),
  proposed_at   timestamptz not null default now(),
  proposed_by   text,
  confirmed_at  timestamptz,
  confirmed_by  text,
  effective_on  date,
  primary key (tenant_id, adoption_id),
  foreign key (tenant_id, table_digest) references law_table,
  foreign key (tenant_id, simulation_id) references law_simulation,
  check ((simulation_id is null) = (proposed_by is null) and (simulation_id is null) = (reason is null)),
  check ((confirmed_at is null) = (effective_on is null)),
  check (simulation_id is null or (confirmed_at is null) = (confirmed_by is null)),
  check (confirmed_by <> proposed_by)
);
create unique index law_adoption_first on law_adoption (tenant_id) where simulation_id is null;
create index law_adoption_effective on law_adoption (tenant_id, effective_on) where effective_on is not null;

-- The version by which the lives of a tenant were asked for last.
alter table retention_tenant add column computed_law date;
grant update (computed_law) on retention_tenant to disposal_service;

-- A life is computed only for a tenant that is known: looking it up again for each of a million rows is waste.
alter table record_life drop constraint record_life_tenant_id_fkey;

do $$
declare guarded text;
begin
  foreach guarded in array array['law_table', 'law_simulation', 'law_adoption'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;

grant select, insert on law_table, law_simulation, law_adoption to disposal_service;
grant update (confirmed_at, confirmed_by, effective_on) on law_adoption to disposal_service;
