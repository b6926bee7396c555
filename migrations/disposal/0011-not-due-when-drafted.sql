-- How many records of a disposal had a ground to be kept, or an unknown one, when it was drafted: whoever approves
-- sees it. Null for those drafted before.
alter table disposal add column not_due integer check (not_due >= 0);
