import type { ProblemCode } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { DisclosureOperation, Ticket, TicketRequest } from '@mnv/protocol';
import type { AcceptCheckpoint } from './accept-checkpoint.ts';
import type { ConsumedRecord, RecordAnswer } from './answer-records.ts';
import type { JudgeDependencies, JudgedRequest } from './judge-request.ts';
import { judgeRequest, refusalCode } from './judge-request.ts';
import { forked } from './log-history.ts';
import type { ProveEntriesDependencies, ProvenTicket } from './prove-entries.ts';
import { proveEntries } from './prove-entries.ts';
import type { ReleaseRows, WantedRecord } from './release.repository.ts';

/** `Answer`: what is answered of one id, or why not. */
export type ReleaseDependencies<Answer = RecordAnswer> = ConsumeDependencies & {
  answerRecords(tenantId: string, consumed: ConsumedRecord[]): Promise<Answer[]>;
};

/** Judging and consuming, whatever is answered. */
export type ConsumeDependencies = JudgeDependencies &
  ProveEntriesDependencies & {
    acceptCheckpoint: AcceptCheckpoint;
    release(rows: ReleaseRows): Promise<WantedRecord[] | 'forked' | 'head-lost'>;
  };

/** One request of a ticket: refused as a whole, or answered record by record, in order. */
export type RequestAnswer<Answer = RecordAnswer> = { problem: ProblemCode } | { records: Answer[] };

export type ReleaseNumbers<Answer = RecordAnswer> = (
  ticket: Ticket,
) => Promise<RequestAnswer<Answer>[]>;

type Released =
  | { problem: ProblemCode }
  | { purpose: string; operation: DisclosureOperation; records: WantedRecord[] };
type Judged = { problem: ProblemCode } | (JudgedRequest & { first: number });

/**
 * The vault's half of a disclosure: proves that the entries are in the log and the log has one history,
 * judges each request by itself, then consumes the request ids, keeps the entries and reads the sealed rows
 * in one statement, and only then opens. When it throws, nothing was answered; a crash after the statement
 * leaves release rows without a release, which the report calls "may have been released".
 * @throws CheckpointUnproven; Refusal; IndeterminateError
 */
export function makeReleaseNumbers<Answer>(
  deps: ReleaseDependencies<Answer>,
): ReleaseNumbers<Answer> {
  return async (ticket) => {
    const proven = await proveEntries(ticket, deps);
    const { head, before } = proven;
    const { tenantId } = proven;
    const { log: origin, checkpoint: note, consistency } = ticket;
    const accepting = () => deps.acceptCheckpoint({ origin, note, head, before, consistency });
    const [judged] = await Promise.all([judgeAll(ticket, proven, deps), accepting()]);
    const requests = judged.flatMap((one) => ('request' in one ? [one] : []));
    const rows = await rowsOf({ tenantId, origin, head, requests }, accepting, deps);
    return answer(releasedOf(judged, rows), tenantId, deps);
  };
}

async function judgeAll(
  ticket: Ticket,
  proven: ProvenTicket,
  deps: JudgeDependencies,
): Promise<Judged[]> {
  const judged = await Promise.all(
    ticket.requests.map((one) => judgeOne(one, { first: ticket.first, proven }, deps)),
  );
  return refuseRepeatedIds(judged);
}

async function judgeOne(
  one: TicketRequest,
  { first, proven }: { first: number; proven: ProvenTicket },
  deps: JudgeDependencies,
): Promise<Judged> {
  try {
    const evidence = {
      token: one.token,
      certificate: Buffer.from(one.certificate, 'base64'),
      jws: one.request,
      entries: proven.entries.slice(one.offset, one.offset + one.n),
      tenantId: proven.tenantId,
    };
    return { ...(await judgeRequest(evidence, deps)), first: first + one.offset };
  } catch (error) {
    return { problem: refusalCode(error) };
  }
}

/** One request id, one release: a second request of the ticket with the same id would read the same rows. */
function refuseRepeatedIds(judged: Judged[]): Judged[] {
  const seen = new Set<string>();
  return judged.map((one) => {
    if ('problem' in one) return one;
    if (seen.has(one.request.rid)) return { problem: 'request-replayed' };
    seen.add(one.request.rid);
    return one;
  });
}

/** A head that was accepted and lost in a crash is accepted once more: no release rests on a head nobody remembers. */
async function rowsOf(
  rows: ReleaseRows,
  acceptAgain: () => Promise<void>,
  deps: ConsumeDependencies,
): Promise<WantedRecord[]> {
  if (rows.requests.length === 0) return [];
  let released = await deps.release(rows);
  if (released === 'head-lost') {
    deps.acceptCheckpoint.forget(rows.origin);
    await acceptAgain();
    released = await deps.release(rows);
  }
  if (released === 'forked') throw forked();
  if (released === 'head-lost') throw new Refusal('database-unavailable', 'Try again.');
  return released;
}

function releasedOf(judged: Judged[], rows: WantedRecord[]): Released[] {
  const byRequest = Map.groupBy(rows, (row) => row.rid);
  return judged.map((one) => {
    if ('problem' in one) return one;
    const { rid, purpose, operation } = one.request;
    const records = byRequest.get(rid);
    // No row came back: the request id was consumed before, on this or another instance.
    return records ? { purpose, operation, records } : { problem: 'request-replayed' as const };
  });
}

/** Opens what all requests of the ticket may see in one go. */
async function answer<Answer>(
  released: Released[],
  tenantId: string,
  deps: Pick<ReleaseDependencies<Answer>, 'answerRecords'>,
): Promise<RequestAnswer<Answer>[]> {
  const wanted = released.flatMap((one) =>
    'problem' in one
      ? []
      : one.records.map((record) => ({
          record,
          purpose: one.purpose,
          operation: one.operation,
        })),
  );
  const answers = await deps.answerRecords(tenantId, wanted);
  return released.map((one) =>
    'problem' in one ? one : { records: answers.splice(0, one.records.length) },
  );
}
