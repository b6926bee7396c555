-- The archive of the access logs: segments of 65,536 entries that were copied out of the database. What is
-- archived and read back may leave log_batch; the hashes in log_tile stay for ever.

create table log_segment (
  log_id           uuid not null,
  idx              bigint not null check (idx >= 0),
  -- SHA-256 over the segment's entries as a Merkle tree: node (16, idx) of the log.
  root             bytea not null check (octet_length(root) = 32),
  -- The key of the archived entries, sealed under the archive key. Without it they are gone, wherever copies lie.
  sealed_key       bytea,
  first_at         timestamptz not null,
  last_at          timestamptz not null check (last_at >= first_at),
  begun_at         timestamptz not null default now(),
  -- When every byte of it was read back from the archive and led to a signed checkpoint.
  read_back_at     timestamptz,
  key_destroyed_at timestamptz,
  check ((sealed_key is null) = (key_destroyed_at is not null)),
  primary key (log_id, idx)
);

-- Each step of a segment is taken once, and none is taken back.
create function guard_log_segment() returns trigger
language plpgsql security invoker set search_path = access, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.read_back_at is not null or new.idx > 0 and not exists (
      select from log_segment s where s.log_id = new.log_id and s.idx = new.idx - 1 and s.read_back_at is not null
    ) then raise exception 'segments are archived one after another'; end if;
    return new;
  end if;
  if old.read_back_at is not null and new.read_back_at is distinct from old.read_back_at
     or old.key_destroyed_at is not null and new.key_destroyed_at is distinct from old.key_destroyed_at
     or new.sealed_key is not null and new.sealed_key is distinct from old.sealed_key
     or new.key_destroyed_at is not null and new.read_back_at is null then
    raise exception 'a step of a segment is not taken back';
  end if;
  if new.key_destroyed_at is not null and exists (
    select from log_batch b where b.log_id = new.log_id and b.start < (new.idx + 1) * 65536
  ) then raise exception 'the entries are still in the database'; end if;
  return new;
end $$;
create trigger guard before insert or update on log_segment
  for each row execute function guard_log_segment();

-- Entries leave the table only when every segment they lie in was read back and all its hashes stay here, and
-- the newest batch of a log never does. A statement's own cost: appends are not touched.
create function guard_log_batch() returns trigger
language plpgsql security invoker set search_path = access, pg_temp as $$
begin
  if exists (
    select from gone, generate_series(gone.start / 65536, (gone.start + gone.n - 1) / 65536) as touched(idx)
    group by gone.log_id, touched.idx
    having not exists (
        select from log_segment s
        where s.log_id = gone.log_id and s.idx = touched.idx and s.read_back_at is not null)
      or (select count(*) from log_tile t where t.log_id = gone.log_id and t.level = 0
            and t.idx >= touched.idx * 256 and t.idx < (touched.idx + 1) * 256) <> 256
  ) then raise exception 'entries that are not archived stay'; end if;
  if exists (
    select from gone group by gone.log_id
    having not exists (
      select from log_batch b where b.log_id = gone.log_id and b.start > max(gone.start))
  ) then raise exception 'the newest batch of a log stays'; end if;
  return null;
end $$;
create trigger guard after delete on log_batch referencing old table as gone
  for each statement execute function guard_log_batch();
revoke execute on function guard_log_segment, guard_log_batch from public;

grant select on log_segment to access_service;
-- The archiver cannot append: it holds no INSERT on log_batch. The service cannot take away.
grant usage on schema access to access_archiver;
grant select on schema_version, tenant, log_batch, log_tile, log_segment to access_archiver;
grant insert on log_tile to access_archiver;
grant insert (log_id, idx, root, sealed_key, first_at, last_at) on log_segment to access_archiver;
grant update (read_back_at, sealed_key, key_destroyed_at) on log_segment to access_archiver;
grant delete on log_batch to access_archiver;
