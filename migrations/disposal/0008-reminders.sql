-- Reminders of what waits for people: written in the transaction that opens a task, sent later. A row says which
-- task, how often it was reminded of, and whether it was sent; what is sent is made from the task.
create table reminder (
  tenant_id   text not null,
  reminder_id uuid not null,
  task_id     uuid not null,
  -- 0 when the task opens, and one more for each thirty days it stays open.
  round       integer not null check (round >= 0),
  made_at     timestamptz not null default now(),
  attempts    integer not null default 0,
  -- Whoever takes it moves this on first: nobody else takes it while it is under way.
  next_try_at timestamptz not null default now(),
  sent_at     timestamptz,
  -- Not sent any more: the task was closed, or a later reminder took its place.
  dropped_at  timestamptz,
  primary key (tenant_id, reminder_id),
  unique (tenant_id, task_id, round),
  foreign key (tenant_id, task_id) references retention_task
);
create index reminder_waiting on reminder (tenant_id, next_try_at) where sent_at is null and dropped_at is null;

alter table reminder enable row level security;
alter table reminder force row level security;
create policy reminder_of_tenant on reminder
  using (tenant_id = current_setting('app.tenant', true))
  with check (tenant_id = current_setting('app.tenant', true));
grant select, insert on reminder to disposal_service;
grant update (attempts, next_try_at, sent_at, dropped_at) on reminder to disposal_service;
