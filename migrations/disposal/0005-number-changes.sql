-- Several records hold the number of one individual one after the other. What was told of the individual is kept
-- with the first of them; which of its papers bear which number, the days say.
alter table tracked_record
  -- The first of the individual's records; null: this one.
  add column first_record_id uuid,
  -- Legal day since which its number holds; null: since ever.
  add column number_from date,
  add column superseded_by uuid,
  add column superseded_as text check (superseded_as in ('changed', 'corrected')),
  add column superseded_from date,
  -- Legal day on which it became known.
  add column superseded_on date,
  add constraint tracked_record_superseded_whole check (
    (superseded_by is null) = (superseded_as is null) and (superseded_by is null) = (superseded_from is null)
    and (superseded_by is null) = (superseded_on is null));
create index tracked_record_first on tracked_record (tenant_id, first_record_id) where first_record_id is not null;

grant update (first_record_id, number_from, superseded_by, superseded_as, superseded_from, superseded_on)
  on tracked_record to disposal_service;
