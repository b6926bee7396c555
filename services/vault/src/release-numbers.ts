import type { Clock, IndividualNumber, ProblemCode } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { Ticket, TicketRequest } from '@mnv/protocol';
import type { VerifierKey } from '@mnv/transparency-log';
import { leafHash, verifyRange } from '@mnv/transparency-log';
import type { LogMemory, SeenHead } from './checkpoint-memory.ts';
import {
  CheckpointUnproven,
  emptyLogMemory,
  openTicketCheckpoint,
  rememberHead,
  requireOneHistory,
} from './checkpoint-memory.ts';
import type { JudgeDependencies, JudgedRequest } from './judge-request.ts';
import { judgeRequest, refusalCode } from './judge-request.ts';
import type { OpenNumbers, SealedNumber } from './open-numbers.ts';
import type { ReleaseRows, WantedRecord } from './release.repository.ts';

export type ReleaseDependencies = JudgeDependencies & {
  /** The tenant whose numbers a log releases, or undefined when no tenant has this log. */
  tenantOfLog(origin: string): Promise<string | undefined>;
  newestSeen(origin: string): Promise<SeenHead | undefined>;
  release(rows: ReleaseRows): Promise<{ records: WantedRecord[] } | { newest: SeenHead }>;
  openNumbers: OpenNumbers;
  /** The pinned key of a log, from the trust policy. */
  verifierKeyOf(origin: string): VerifierKey | undefined;
  reportFork(origin: string): void;
  clock: Clock;
};

/** One record of a request: its number, or why not. */
export type RecordAnswer = { individualNumber: IndividualNumber } | { problem: ProblemCode };
/** One request of a ticket: refused as a whole, or answered record by record, in order. */
export type RequestAnswer = { problem: ProblemCode } | { records: RecordAnswer[] };

export type ReleaseNumbers = (ticket: Ticket) => Promise<RequestAnswer[]>;

type Judged = { problem: ProblemCode } | (JudgedRequest & { first: number });
type ProvenTicket = { tenantId: string; memory: LogMemory; head: SeenHead; entries: Buffer[] };

/**
 * The vault's half of a disclosure: proves that the entries are in the log, judges each request by itself,
 * then consumes the request ids, keeps the entries and reads the sealed rows in one statement, and only then
 * opens. When it throws, nothing was opened; a crash after the statement leaves release rows without a
 * release, which the report calls "may have been released".
 */
export function makeReleaseNumbers(deps: ReleaseDependencies): ReleaseNumbers {
  const memories = new Map<string, LogMemory>();
  return async (ticket) => {
    const proven = await proveTicket(ticket, memories, deps);
    const judged = await Promise.all(
      ticket.requests.map((one) => judgeOne(one, ticket, proven, deps)),
    );
    refuseRepeatedIds(judged);
    const released = await releaseRows(ticket, proven, judged, deps);
    return answer(judged, released, proven.tenantId, deps);
  };
}

async function proveTicket(
  ticket: Ticket,
  memories: Map<string, LogMemory>,
  deps: ReleaseDependencies,
): Promise<ProvenTicket> {
  const tenantId = await deps.tenantOfLog(ticket.log);
  const verifierKey = deps.verifierKeyOf(ticket.log);
  if (!tenantId || !verifierKey)
    throw new Refusal('not-permitted', 'The log releases no numbers here.');
  const memory = await memoryOf(ticket.log, memories, deps);
  const head = openTicketCheckpoint(memory, ticket, verifierKey);
  requireHistory(memory, head, ticket, deps);
  const entries = ticket.entries.map((entry) => Buffer.from(entry, 'base64'));
  const proof = ticket.proof.map((hash) => Buffer.from(hash, 'base64'));
  const leafHashes = entries.map((entry) => leafHash(entry));
  const included = verifyRange({
    first: ticket.first,
    leafHashes,
    size: head.size,
    root: head.root,
    proof,
  });
  if (entries.length === 0 || !included) {
    throw new Refusal('not-permitted', 'The entries are not in the log.');
  }
  return { tenantId, memory, head, entries };
}

async function memoryOf(
  origin: string,
  memories: Map<string, LogMemory>,
  deps: ReleaseDependencies,
): Promise<LogMemory> {
  const known = memories.get(origin);
  if (known) return known;
  const loaded = emptyLogMemory(await deps.newestSeen(origin));
  const memory = memories.get(origin) ?? loaded;
  memories.set(origin, memory);
  return memory;
}

function requireHistory(
  memory: LogMemory,
  head: SeenHead,
  ticket: Ticket,
  deps: ReleaseDependencies,
): void {
  try {
    requireOneHistory(memory, head, ticket);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'log-forked') deps.reportFork(ticket.log);
    throw error;
  }
}

async function judgeOne(
  one: TicketRequest,
  ticket: Ticket,
  { tenantId, entries }: ProvenTicket,
  deps: ReleaseDependencies,
): Promise<Judged> {
  try {
    const evidence = {
      token: one.token,
      certificate: Buffer.from(one.certificate, 'base64'),
      jws: one.request,
      entries: entries.slice(one.offset, one.offset + one.n),
      tenantId,
    };
    return { ...(await judgeRequest(evidence, deps)), first: ticket.first + one.offset };
  } catch (error) {
    return { problem: refusalCode(error) };
  }
}

/** One request id, one release: a ticket that names an id twice would read its rows twice. */
function refuseRepeatedIds(judged: Judged[]): void {
  const ids = judged.flatMap((one) => ('request' in one ? [one.request.rid] : []));
  if (new Set(ids).size !== ids.length)
    throw new Refusal('request-replayed', 'A request id is named twice.');
}

async function releaseRows(
  ticket: Ticket,
  proven: ProvenTicket,
  judged: Judged[],
  deps: ReleaseDependencies,
): Promise<Map<string, WantedRecord[]>> {
  const requests = judged.flatMap((one) => ('request' in one ? [one] : []));
  if (requests.length === 0) return new Map();
  const { tenantId, memory, head } = proven;
  const rows = {
    tenantId,
    origin: ticket.log,
    head,
    note: ticket.checkpoint,
    comparedSize: memory.newest?.size ?? -1,
    requests,
  };
  const answer = await deps.release(rows);
  if ('newest' in answer) return releaseAfter(answer.newest, { ticket, proven, judged }, deps);
  rememberHead(memory, head);
  return Map.groupBy(answer.records, (record) => record.rid);
}

/** Another instance stored a younger or other head: it has to be proven against before anything is consumed. */
async function releaseAfter(
  newest: SeenHead,
  { ticket, proven, judged }: { ticket: Ticket; proven: ProvenTicket; judged: Judged[] },
  deps: ReleaseDependencies,
): Promise<Map<string, WantedRecord[]>> {
  const { memory, head } = proven;
  if (memory.newest?.size === newest.size) throw new CheckpointUnproven(newest.size);
  memory.newest = newest;
  memory.proven.clear();
  requireHistory(memory, head, ticket, deps);
  return releaseRows(ticket, proven, judged, deps);
}

type JudgedRecord = { problem: ProblemCode } | { sealed: SealedNumber };

/** Opens what the judged rows allow, all in one go, and lays the answers out in the order of the requests. */
async function answer(
  judged: Judged[],
  released: Map<string, WantedRecord[]>,
  tenantId: string,
  deps: ReleaseDependencies,
): Promise<RequestAnswer[]> {
  const requests = judged.map((one) => judgeRows(one, released));
  const rows = requests.flatMap((one) => ('rows' in one ? one.rows : []));
  const sealed = rows.flatMap((row) => ('sealed' in row ? [row.sealed] : []));
  const numbers = await deps.openNumbers(tenantId, sealed);
  return requests.map((one) =>
    'problem' in one ? one : { records: one.rows.map((row) => answerRecord(row, numbers)) },
  );
}

function judgeRows(
  one: Judged,
  released: Map<string, WantedRecord[]>,
): { problem: ProblemCode } | { rows: JudgedRecord[] } {
  if ('problem' in one) return one;
  const rows = released.get(one.request.rid);
  // No row came back: the request id was consumed before, on this or another instance.
  if (!rows) return { problem: 'request-replayed' };
  return { rows: rows.map((row) => judgeRecord(row, one.request.purpose)) };
}

function judgeRecord(row: WantedRecord, purpose: string): JudgedRecord {
  if (!row.sealed) return { problem: 'record-not-found' };
  if (row.disposed) return { problem: 'already-disposed' };
  if (!row.purposes.includes(purpose)) return { problem: 'purpose-not-permitted' };
  return { sealed: row.sealed };
}

function answerRecord(row: JudgedRecord, numbers: Map<string, IndividualNumber>): RecordAnswer {
  if ('problem' in row) return row;
  const individualNumber = numbers.get(row.sealed.recordId);
  return individualNumber ? { individualNumber } : { problem: 'already-disposed' };
}
