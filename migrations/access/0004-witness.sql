-- What external witnesses cosigned last. Unlike the log itself this is a memory that moves forward: the
-- witness keeps its own, and that one counts.
create table log_witnessed (
  log_id     uuid not null references tenant (log_id),
  witness    text not null check (char_length(witness) between 1 and 200),
  size       bigint not null check (size >= 0),
  -- The checkpoint with the witness's cosignature line (C2SP tlog-cosignature).
  note       text not null,
  at         timestamptz not null default now(),
  primary key (log_id, witness)
);

grant select, insert, update (size, note, at) on log_witnessed to access_service;
