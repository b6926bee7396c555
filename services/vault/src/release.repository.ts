import type { ChangeReason } from '@mnv/core';
import type { DurablePool } from '@mnv/service-kit';
import { durably, packBytes } from '@mnv/service-kit';
import type { JudgedRequest } from './judge-request.ts';
import type { LogHead } from './log-history.ts';
import type { SealedNumber } from './open-numbers.ts';

/** Shorter than the proxy's patience, so that the vault gives up first. */
const RELEASE_DEADLINE_MS = 1_200;

/** The requests of one ticket that are about to be released. */
export type ReleaseRows = {
  tenantId: string;
  origin: string;
  /** The accepted head of the log that they rest on. */
  head: LogHead;
  requests: (JudgedRequest & { first: number })[];
};

/** A record a request asked for; `sealed` is absent when the tenant has no such record, or it is disposed of. */
export type WantedRecord = {
  rid: string;
  recordId: string;
  sealed: SealedNumber | undefined;
  purposes: string[];
  disposed: boolean;
  /** The record that holds the number in use, and why; absent when it is this one. */
  superseded?: { by: string; reason: ChangeReason };
};

type Row = {
  kind: string;
  rid: string;
  record_id: string;
  position: string | null;
  sealed_number: Buffer | null;
  /** Codes, one `|` between two. */
  purposes: string | null;
  disposed: boolean | null;
  superseded_by: string | null;
  superseded_as: ChangeReason | null;
};

/** The driver takes ten times as long to read an array as to read a text, and there is one for each record. */
const RELEASE = {
  name: 'release-records',
  text: `select kind, rid, record_id, "position", sealed_number,
      array_to_string(purposes, '|') as purposes, disposed, superseded_by, superseded_as
    from release_records($1, $2, $3, $4,
    $5::date[], $6::uuid[], $7::bigint[], $8::integer[], $9::bytea, $10::integer[], $11::integer[],
    $12::uuid[], $13::uuid[])`,
};

/**
 * Consumes the request ids, keeps their entries, and reads the sealed rows, durably and in one statement.
 * Having done nothing, it answers `forked` when the log was caught in two histories, and `head-lost` when the head
 * is not among those accepted: a crash of the database after it was accepted lost it.
 * @throws IndeterminateError when it may or may not have happened: then nothing may be opened
 */
export async function releaseRecords(
  pool: DurablePool,
  rows: ReleaseRows,
): Promise<WantedRecord[] | 'forked' | 'head-lost'> {
  const result = await durably<Row>(
    pool,
    { ...RELEASE, values: valuesOf(rows) },
    RELEASE_DEADLINE_MS,
  );
  const kind = result.rows[0]?.kind;
  if (kind === 'forked' || kind === 'head-lost') return kind;
  return result.rows.map((row) => wantedFrom(row));
}

function valuesOf({ tenantId, origin, head, requests }: ReleaseRows): unknown[] {
  const wanted = requests.flatMap((one) =>
    one.recordIds.map((recordId) => ({ rid: one.request.rid, recordId })),
  );
  const packed = packBytes([requests.map((one) => framed(one.entries))]);
  const [places] = packed.places;
  return [
    tenantId,
    origin,
    head.size,
    Buffer.from(head.root),
    requests.map((one) => new Date(one.request.iat * 1000).toISOString().slice(0, 10)),
    requests.map((one) => one.request.rid),
    requests.map((one) => one.first),
    requests.map((one) => one.entries.length),
    packed.bytes,
    places?.at,
    places?.lengths,
    wanted.map((one) => one.rid),
    wanted.map((one) => one.recordId),
  ];
}

/** The entries as they stand in the log: each with its length as two bytes before it. */
function framed(entries: Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => [Buffer.from([entry.length >> 8, entry.length & 255]), entry]),
  );
}

function wantedFrom(row: Row): WantedRecord {
  const sealed =
    row.sealed_number && row.position !== null
      ? { recordId: row.record_id, position: Number(row.position), blob: row.sealed_number }
      : undefined;
  return {
    rid: row.rid,
    recordId: row.record_id,
    sealed,
    purposes: row.purposes?.split('|') ?? [],
    disposed: row.disposed ?? false,
    ...supersededFrom(row),
  };
}

function supersededFrom({ superseded_by: by, superseded_as: reason }: Row) {
  return by !== null && reason !== null ? { superseded: { by, reason } } : {};
}
