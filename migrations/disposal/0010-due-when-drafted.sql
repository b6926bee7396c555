-- Since when a record had no ground any more when its disposal was drafted: null where it had one. What is told
-- between the draft and the order may keep it again.
alter table disposal_record add column due_since date;
