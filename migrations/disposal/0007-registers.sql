-- What a tenant keeps so that it can show it: certificates it was handed and has acknowledged, the deletions of
-- its other subcontractors, and what was carried out of or into an area. No table has a place for a number.

-- Certificates are numbered at each tenant as well: 1, 2, 3 without a gap.
alter table disposal_certificate add column tenant_number bigint check (tenant_number > 0);
alter table disposal_certificate no force row level security;
update disposal_certificate c set tenant_number = n.tenant_number
from (select tenant_id, disposal_id, row_number() over (partition by tenant_id order by number) as tenant_number
  from disposal_certificate) n
where n.tenant_id = c.tenant_id and n.disposal_id = c.disposal_id;
alter table disposal_certificate force row level security;
alter table disposal_certificate alter column tenant_number set not null;
alter table disposal_certificate add constraint disposal_certificate_of_tenant unique (tenant_id, tenant_number);

-- Who was handed a certificate first when; written before it is handed out.
create table certificate_delivery (
  tenant_id    text not null,
  disposal_id  uuid not null,
  delivered_to text not null,
  client_id    text not null,
  delivered_at timestamptz not null default now(),
  primary key (tenant_id, disposal_id, delivered_to),
  foreign key (tenant_id, disposal_id) references disposal_certificate
);

-- Who of the tenant looked at it and has it. Once, by somebody it was handed to.
create table certificate_acknowledgement (
  tenant_id       text not null,
  disposal_id     uuid not null,
  acknowledged_by text not null,
  acknowledged_at timestamptz not null default now(),
  primary key (tenant_id, disposal_id),
  foreign key (tenant_id, disposal_id, acknowledged_by) references certificate_delivery
);

-- A deletion that somebody else does for the tenant, and has to prove (委託先の証明).
create table subcontractor_deletion (
  tenant_id     text not null references retention_tenant,
  deletion_id   uuid not null,
  subcontractor text not null check (char_length(subcontractor) between 1 and 128),
  what          text not null check (char_length(what) between 1 and 500),
  due_on        date not null,
  noted_at      timestamptz not null default now(),
  noted_by      text not null,
  primary key (tenant_id, deletion_id)
);

-- The proof that came. The file stays with the tenant; its digest says which one it was.
create table subcontractor_certificate (
  tenant_id   text not null,
  deletion_id uuid not null,
  file_sha256 bytea not null check (octet_length(file_sha256) = 32),
  issuer      text not null check (char_length(issuer) between 1 and 128),
  issued_on   date not null,
  kind        text not null check (kind in ('certificate', 'log', 'report')),
  -- The disposal here that it belongs to, where there is one.
  disposal_id uuid,
  received_at timestamptz not null default now(),
  received_by text not null,
  primary key (tenant_id, deletion_id, file_sha256),
  foreign key (tenant_id, deletion_id) references subcontractor_deletion,
  foreign key (tenant_id, disposal_id) references disposal
);

-- What was carried (持ち運び), as it was told. INSERT-only; a receipt, or taking it back, is a row of its own.
create table carried_item (
  tenant_id   text not null references retention_tenant,
  carry_id    text not null check (carry_id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$'),
  carried_on  date not null,
  content     jsonb not null,
  recorded_at timestamptz not null default now(),
  recorded_by text not null,
  primary key (tenant_id, carry_id)
);
create index carried_item_on on carried_item (tenant_id, carried_on);
create table carried_item_end (
  tenant_id   text not null,
  carry_id    text not null,
  kind        text not null check (kind in ('received', 'withdrawn')),
  ended_on    date not null,
  -- Who took it, or why the entry does not count.
  remark      text not null check (char_length(remark) between 1 and 500),
  recorded_at timestamptz not null default now(),
  recorded_by text not null,
  primary key (tenant_id, carry_id),
  foreign key (tenant_id, carry_id) references carried_item
);

do $$
declare guarded text;
begin
  foreach guarded in array array['certificate_delivery', 'certificate_acknowledgement', 'subcontractor_deletion',
      'subcontractor_certificate', 'carried_item', 'carried_item_end'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
    execute format('grant select, insert on %I to disposal_service', guarded);
  end loop;
end $$;
