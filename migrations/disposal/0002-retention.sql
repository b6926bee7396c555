-- What disposal knows of the records, what people told about them, and how long the law keeps each.

-- Whose records are known: jobs go through it tenant by tenant. It names tenants alone.
create table retention_tenant (
  tenant_id  text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,39}$'),
  known_since timestamptz not null default now()
);

-- How far the vault's feed was followed. It moves in the transaction of what was read up to there.
create table feed_position (
  feed   text primary key check (feed in ('record-events')),
  cursor text not null check (char_length(cursor) between 1 and 200),
  at     timestamptz not null default now()
);

create table tracked_record (
  tenant_id      text not null references retention_tenant,
  record_id      uuid not null,
  subject        text not null check (subject in ('E', 'D', 'S3', 'P', 'H')),
  individual_ref text not null check (char_length(individual_ref) between 1 and 64),
  related_ref    text check (char_length(related_ref) between 1 and 64),
  purposes       text[] not null check (cardinality(purposes) between 1 and 40),
  stored_on      date not null,
  state          text not null check (state in ('living', 'frozen', 'erased')),
  changed_at     timestamptz not null,
  primary key (tenant_id, record_id)
);
create index tracked_record_of_individual on tracked_record (tenant_id, individual_ref);
create index tracked_record_related on tracked_record (tenant_id, related_ref) where related_ref is not null;

-- INSERT-only: a correction is an event of its own, so that every day's knowledge can be told again.
create table retention_event (
  tenant_id   text not null references retention_tenant,
  event_id    text not null check (event_id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$'),
  -- Null: it concerns every record of the tenant.
  record_id   uuid,
  content     jsonb not null,
  recorded_on date not null,
  received_at timestamptz not null default now(),
  told_by     text not null,
  primary key (tenant_id, event_id)
);
create index retention_event_of_record on retention_event (tenant_id, record_id);

-- Computed from the above, and rebuildable from it.
create table record_life (
  tenant_id            text not null references retention_tenant,
  record_id            uuid not null,
  keep_through         date,
  deletable_from       date,
  -- Why nothing may be deleted without a person: `<rule>:<reason>`, the rule empty where there is none.
  blocked_by           text[] not null,
  documents            integer not null,
  -- First day on which one of its documents may go, and on which only a decision of the tenant keeps one.
  documents_due_from   date,
  documents_open_from  date,
  -- Last day for which one of its documents is kept; null where there is none, or one is open.
  documents_until      date,
  documents_blocked_by text[] not null,
  law_version          date not null,
  computed_on          date not null,
  primary key (tenant_id, record_id)
);
create index record_life_due on record_life (tenant_id, deletable_from) where deletable_from is not null;

-- Records whose life something changed. No key over the record: a change that commits while the life is being
-- computed has a row of its own, which stays.
create table life_pending (
  pending_id bigint generated always as identity primary key,
  tenant_id  text not null references retention_tenant,
  record_id  uuid not null
);
create index life_pending_of_tenant on life_pending (tenant_id, pending_id);

-- A change that concerns every record of a tenant: how far the lives were computed anew.
create table life_scan (
  scan_id   bigint generated always as identity primary key,
  tenant_id text not null references retention_tenant,
  after     uuid
);
create index life_scan_of_tenant on life_scan (tenant_id, scan_id);

-- What a tenant decides where the law leaves it open: proposed by one person, confirmed by another.
create table retention_decision (
  tenant_id    text not null references retention_tenant,
  decision_id  uuid not null,
  topic        text not null check (topic ~ '^(book|policy|contract-end|rule/[A-Z0-9-]{3,20}|early/[0-9a-f-]{36})$'),
  value        text not null check (char_length(value) between 1 and 40),
  reason       text not null check (char_length(reason) between 1 and 500),
  proposed_at  timestamptz not null default now(),
  proposed_by  text not null,
  confirmed_at timestamptz,
  confirmed_by text,
  decided_on   date,
  primary key (tenant_id, decision_id),
  check ((confirmed_at is null) = (confirmed_by is null) and (confirmed_at is null) = (decided_on is null)),
  check (confirmed_by <> proposed_by)
);
create index retention_decision_of_topic on retention_decision (tenant_id, topic, confirmed_at);

-- What waits for people, opened and closed by what the lives say.
create table retention_task (
  tenant_id text not null references retention_tenant,
  task_id   uuid not null,
  topic     text not null check (char_length(topic) between 1 and 60),
  records   bigint not null check (records >= 0),
  opened_on date not null,
  closed_on date,
  primary key (tenant_id, task_id)
);
create unique index retention_task_open on retention_task (tenant_id, topic) where closed_on is null;

create table legal_hold (
  tenant_id   text not null references retention_tenant,
  hold_id     uuid not null,
  scope       text not null check (scope in ('individual', 'tenant', 'case')),
  case_id     text check (case_id ~ '^[A-Z][A-Z0-9-]{0,39}$'),
  reason      text not null check (char_length(reason) between 1 and 500),
  owner       text not null check (char_length(owner) between 1 and 128),
  review_on   date not null,
  placed_at   timestamptz not null default now(),
  placed_by   text not null,
  lifted_at   timestamptz,
  lifted_by   text,
  lift_reason text check (char_length(lift_reason) between 1 and 500),
  primary key (tenant_id, hold_id),
  check ((scope = 'case') = (case_id is not null)),
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
create index legal_hold_living on legal_hold (tenant_id) where lifted_at is null;

-- The individuals a hold names; the hold of a tenant names none and covers all.
create table legal_hold_individual (
  tenant_id      text not null,
  hold_id        uuid not null,
  individual_ref text not null check (char_length(individual_ref) between 1 and 64),
  primary key (tenant_id, hold_id, individual_ref),
  foreign key (tenant_id, hold_id) references legal_hold
);
create index legal_hold_individual_of on legal_hold_individual (tenant_id, individual_ref);

-- A list of records as it stood, for people to look at before they request a disposal.
create table dry_run (
  tenant_id   text not null references retention_tenant,
  dry_run_id  uuid not null,
  kind        text not null check (kind in ('due', 'early')),
  until_day   date not null,
  law_version date not null,
  reason      text check (char_length(reason) between 1 and 500),
  summary     jsonb not null,
  made_at     timestamptz not null default now(),
  made_by     text not null,
  primary key (tenant_id, dry_run_id),
  check ((kind = 'early') = (reason is not null))
);
create table dry_run_record (
  tenant_id  text not null,
  dry_run_id uuid not null,
  ordinal    integer not null check (ordinal >= 0),
  record_id  uuid not null,
  primary key (tenant_id, dry_run_id, ordinal),
  unique (tenant_id, dry_run_id, record_id),
  foreign key (tenant_id, dry_run_id) references dry_run
);

do $$
declare guarded text;
begin
  foreach guarded in array array['tracked_record', 'retention_event', 'record_life', 'life_pending', 'life_scan',
      'retention_decision', 'retention_task', 'legal_hold', 'legal_hold_individual', 'dry_run', 'dry_run_record'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;

grant select, insert on retention_tenant, tracked_record, retention_event, record_life, retention_decision,
  retention_task, legal_hold, legal_hold_individual, dry_run, dry_run_record, feed_position, life_pending, life_scan
  to disposal_service;
grant update (cursor, at) on feed_position to disposal_service;
grant update (state, changed_at) on tracked_record to disposal_service;
grant update (keep_through, deletable_from, blocked_by, documents, documents_due_from, documents_open_from,
  documents_until, documents_blocked_by, law_version, computed_on) on record_life to disposal_service;
grant update (after) on life_scan to disposal_service;
grant delete on life_pending, life_scan to disposal_service;
grant update (confirmed_at, confirmed_by, decided_on) on retention_decision to disposal_service;
grant update (records, closed_on) on retention_task to disposal_service;
grant update (summary) on dry_run to disposal_service;
grant update (lifted_at, lifted_by, lift_reason) on legal_hold to disposal_service;
