-- The registers that policy decides over: who may work for which tenant, and who is trained.

create table operator (
  subject     text primary key check (char_length(subject) between 1 and 128),
  name        text not null check (char_length(name) between 1 and 200),
  added_at    timestamptz not null default now(),
  added_by    text not null
);

create table assignment (
  assignment_id uuid primary key,
  tenant_id     text not null references tenant,
  subject       text not null references operator,
  purposes      text[] not null check (cardinality(purposes) between 1 and 100),
  starts_on     date not null,
  ends_on       date check (ends_on >= starts_on),
  added_at      timestamptz not null default now(),
  added_by      text not null
);
create index assignment_of_person on assignment (tenant_id, subject);

create table training (
  training_id  uuid primary key,
  subject      text not null references operator,
  course       text not null check (char_length(course) between 1 and 100),
  completed_on date not null,
  expires_on   date not null check (expires_on > completed_on),
  added_at     timestamptz not null default now(),
  added_by     text not null
);
create index training_of_person on training (subject);

alter table assignment enable row level security;
alter table assignment force row level security;
create policy assignment_of_tenant on assignment
  using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));

grant select, insert on operator, assignment, training to access_service;
grant update (ends_on) on assignment to access_service;
