-- What retention does by itself at night, who does it now, and what became of it.

-- One runner at a time: whoever holds the lease. Who stalls past it is overtaken.
create table job_lease (
  job        text primary key check (job in ('nightly')),
  runner     uuid not null,
  until      timestamptz not null
);

-- The history, INSERT-only but for its end. A run without an end was cut off.
create table job_run (
  job        text not null check (job in ('nightly')),
  day        date not null,
  attempt    integer not null check (attempt > 0),
  runner     uuid not null,
  started_at timestamptz not null default now(),
  ended_at   timestamptz,
  outcome    text check (outcome in ('done', 'failed')),
  -- The first legal day without a run of its own that this one makes up for.
  missed_from date,
  tenants    integer,
  lives      integer,
  overdue    bigint,
  primary key (job, day, attempt),
  check ((ended_at is null) = (outcome is null))
);
create index job_run_done on job_run (job, ended_at desc) where outcome = 'done';

grant select, insert on job_lease, job_run to disposal_service;
grant update (runner, until) on job_lease to disposal_service;
grant update (ended_at, outcome, tenants, lives, overdue) on job_run to disposal_service;
