import { createHash, randomUUID } from 'node:crypto';
import type {
  IndividualNumber,
  ProblemCode,
  StoreWarning,
  Subject,
  Superseded,
  Verification,
} from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { OpenedNumber } from './open-numbers.ts';

/** A record to keep, already validated. */
export type RecordDraft = {
  individualRef: string;
  subject: Subject;
  relatedRef?: string;
  individualNumber: IndividualNumber;
  purposes: string[];
  verification: Verification;
  noticeVersion: string;
};

/** A draft with the idempotency key of its line. */
export type KeyedDraft = { key: string; draft: RecordDraft };

export type StoreRequest = {
  tenantId: string;
  clientId: string;
  storedBy: string;
  rid: string;
  route: 'records' | 'records/batch' | 'number-changes';
  lines: KeyedDraft[];
};

export type StoredLine = { recordId: string; warning?: StoreWarning } | { problem: ProblemCode };

/** What a transaction of this tenant can do; everything it does is durable together or not at all. */
export type StoreTransaction = {
  findIdempotencyRows(
    request: StoreRequest,
  ): Promise<Map<string, { digest: Buffer; recordId: string }>>;
  findLivingRefs(lines: KeyedDraft[]): Promise<Set<string>>;
  openStored(recordIds: string[]): Promise<Map<string, OpenedNumber>>;
  sealAndInsert(request: StoreRequest, fresh: FreshLine[]): Promise<void>;
  /** Undefined when the tenant has no such record. */
  findForChange(recordId: string): Promise<RecordToChange | undefined>;
  /** Throws {@link StoreConflict} when it is superseded, frozen or disposed of by now. */
  supersede(recordId: string, superseded: Superseded): Promise<void>;
  /** Tells who follows the feed, behind the event of the successor. */
  tellOfChange(recordId: string, superseded: Superseded): Promise<void>;
};

/** What a record with a new number takes over, and whether there is one to take it over from. */
export type RecordToChange = Pick<
  RecordDraft,
  'individualRef' | 'subject' | 'relatedRef' | 'purposes'
> & { disposed: boolean; superseded?: Superseded };

export type FreshLine = KeyedDraft & { recordId: string; digest: Buffer };

/** Another request was in the way. Nothing happened, and the transaction may be tried again as a whole. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict';
}

export type StoreDependencies = {
  transaction<T>(tenantId: string, work: (trx: StoreTransaction) => Promise<T>): Promise<T>;
};

/** Answers by the lines' keys, which are unique in a request. */
export type StoreNumbers = (request: StoreRequest) => Promise<Map<string, StoredLine>>;

const ATTEMPTS = 3;

/**
 * Stores numbers, each line by itself, all new ones in one transaction. A repeat of a key answers the id it
 * made, after comparing the body without the number by digest and the number by opening the stored record.
 * A crash before the commit stores nothing; after it, a repeat answers the same ids.
 * @throws Refusal `not-found` for a tenant that was not made here, `idempotency-in-flight`
 */
export function makeStoreNumbers({ transaction }: StoreDependencies): StoreNumbers {
  return (request) =>
    withoutConflict(() => transaction(request.tenantId, (trx) => storeOnce(request, trx)));
}

/** The transaction was rolled back whole: the next attempt sees what the other request committed. */
export async function withoutConflict<T>(attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StoreConflict)) throw error;
      if (made === ATTEMPTS)
        throw new Refusal('idempotency-in-flight', 'Others store the same at once. Try again.');
    }
  }
}

async function storeOnce(
  request: StoreRequest,
  trx: StoreTransaction,
): Promise<Map<string, StoredLine>> {
  // References before keys: a record and its key become visible together, so that of a repeat that runs beside
  // its first the key is seen whenever the record is.
  const taken = await trx.findLivingRefs(request.lines);
  const known = await trx.findIdempotencyRows(request);
  const repeated = request.lines.filter((line) => known.has(line.key));
  const answers = await answerRepeats(repeated, known, trx);
  const rest = request.lines.filter((line) => !known.has(line.key));
  const fresh: FreshLine[] = [];
  for (const line of rest) {
    const ref = livingRefOf(line.draft);
    if (taken.has(ref)) answers.set(line.key, { problem: 'record-exists' });
    else fresh.push({ ...line, recordId: randomUUID(), digest: digestWithoutNumber(line.draft) });
    taken.add(ref);
  }
  if (fresh.length > 0) await trx.sealAndInsert(request, fresh);
  for (const line of fresh) answers.set(line.key, { recordId: line.recordId });
  return answers;
}

async function answerRepeats(
  repeated: KeyedDraft[],
  known: Map<string, { digest: Buffer; recordId: string }>,
  trx: StoreTransaction,
): Promise<Map<string, StoredLine>> {
  const answers = new Map<string, StoredLine>();
  const ids = repeated.flatMap((line) => known.get(line.key)?.recordId ?? []);
  const stored = ids.length > 0 ? await trx.openStored(ids) : new Map<string, OpenedNumber>();
  for (const { key, draft } of repeated) {
    const row = known.get(key);
    const sent = { digest: digestWithoutNumber(draft), number: draft.individualNumber };
    if (row) answers.set(key, answerRepeat(sent, row, stored.get(row.recordId)));
  }
  return answers;
}

/** Whether what was sent again is what its key stood for: the rest by its digest, the number by itself. */
export function answerRepeat(
  sent: { digest: Buffer; number: IndividualNumber },
  row: { digest: Buffer; recordId: string },
  stored: OpenedNumber = 'already-disposed',
): StoredLine {
  if (typeof stored === 'string') return { problem: stored };
  const same = row.digest.equals(sent.digest) && isSameNumber(stored, sent.number);
  return same ? { recordId: row.recordId } : { problem: 'idempotency-mismatch' };
}

/** In memory, of two numbers that one person has the right to. */
export function isSameNumber(one: IndividualNumber, other: IndividualNumber): boolean {
  return one.reveal() === other.reveal();
}

/** The key under which at most one living record of a tenant exists. */
export function livingRefOf(draft: Pick<RecordDraft, 'subject' | 'individualRef'>): string {
  return `${draft.subject}\u0000${draft.individualRef}`;
}

/** SHA-256 over the draft without its number, in a fixed order. */
export function digestWithoutNumber(draft: RecordDraft): Buffer {
  const { individualRef, subject, relatedRef, purposes, verification, noticeVersion } = draft;
  const parts = [
    individualRef,
    subject,
    relatedRef ?? null,
    purposes,
    partsOf(verification),
    noticeVersion,
  ];
  return digestOf(parts);
}

/** A verification in a fixed order, for a digest. */
export function partsOf(verification: Verification): unknown[] {
  const { numberCheck, identityCheck, channel, proxy, verifiedBy, verifiedOn } = verification;
  return [numberCheck, identityCheck, channel, proxy ?? null, verifiedBy, verifiedOn];
}

/** SHA-256 over parts that hold no number and nothing computed from one. */
export function digestOf(parts: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
