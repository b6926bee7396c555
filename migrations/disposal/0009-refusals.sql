-- 提供拒否: the course of asking an individual for the number, step by step, so that its absence from a form is
-- seen to be no neglect. It holds no number; it goes with the last form that was filed without one.
create table refusal_course (
  tenant_id      text not null references retention_tenant,
  course_id      uuid not null,
  individual_ref text not null check (char_length(individual_ref) between 1 and 64),
  subject        text not null check (subject in ('E', 'D', 'S3', 'P', 'H')),
  purpose        text not null check (purpose ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'),
  opened_at      timestamptz not null default now(),
  primary key (tenant_id, course_id)
);
create index refusal_course_of_individual on refusal_course (tenant_id, individual_ref, subject, purpose);

-- INSERT-only while the course is kept: a step that was told wrongly is withdrawn by another one.
create table refusal_step (
  tenant_id   text not null,
  step_id     text not null check (step_id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$'),
  course_id   uuid not null,
  told        bigint generated always as identity,
  content     jsonb not null,
  recorded_on date not null,
  recorded_at timestamptz not null default now(),
  told_by     text not null,
  primary key (tenant_id, step_id),
  foreign key (tenant_id, course_id) references refusal_course on delete cascade
);
create index refusal_step_of_course on refusal_step (tenant_id, course_id, told);

do $$
declare guarded text;
begin
  foreach guarded in array array['refusal_course', 'refusal_step'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy %I on %I using (tenant_id = current_setting(''app.tenant'', true))
         with check (tenant_id = current_setting(''app.tenant'', true))',
      guarded || '_of_tenant', guarded);
  end loop;
end $$;

grant select, insert on refusal_course, refusal_step to disposal_service;
-- A whole course is forgotten, never a step of one.
grant delete on refusal_course to disposal_service;
