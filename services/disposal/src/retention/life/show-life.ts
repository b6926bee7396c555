import type { DocumentLife, Ground, LegalDay, Life, RecordEvent } from '@mnv/bango-ho';
import type { NamedLaw } from '../law/law-in-use.ts';
import { lifeAsOf } from './compute-lives.ts';
import type { TenantDecisions } from './decided-life.ts';
import { decidedLife } from './decided-life.ts';
import type { KnownRecord } from './history-of.ts';
import type { TrackedRecord } from '../tracked-record.ts';
import { blockText } from './record-summary.ts';

/** One life as people read it. */
export type ShownSpan = {
  keepThrough: LegalDay | null;
  deletableFrom: LegalDay | null;
  deleteBy: LegalDay | null;
  blockedBy: string[];
  grounds: readonly Ground[];
  trace: readonly string[];
};

export type ShownLife = {
  recordId: string;
  subject: string;
  state: string;
  asOf: LegalDay;
  /** The table in use on that day. */
  lawVersion: LegalDay;
  lawDigest: string;
  usesBook: TenantDecisions['usesBook'];
  number: ShownSpan;
  documents: ({ document: string; reference: string } & ShownSpan)[];
  /** A legal hold keeps it, whatever the law says. */
  held: boolean;
  /** Another record holds the number now. */
  superseded?: { by: string; reason: string; from: LegalDay };
};

type Shown = {
  inUse: NamedLaw;
  decisions: TenantDecisions;
  ofTenant: readonly RecordEvent[];
  /** The day the answer is of, and up to which what was told counts. */
  asOf: LegalDay;
  knownUntil: LegalDay;
  held: boolean;
};

/** A record’s life with every step, from what was known and decided up to a day. */
export function shownLife(
  known: KnownRecord,
  { inUse, decisions, ofTenant, asOf, knownUntil, held }: Shown,
): ShownLife {
  const life = lifeAsOf(known, { law: inUse.law, decisions, ofTenant, asOf: knownUntil });
  const { recordId, subject, state, superseded } = known.record;
  return {
    recordId,
    subject,
    state,
    asOf,
    lawVersion: inUse.law.version,
    lawDigest: inUse.digest,
    usesBook: decisions.usesBook,
    number: shown(decidedLife(life.number, decisions)),
    documents: life.documents.map((one) => shownDocument(one, decisions)),
    held,
    ...(superseded && supersededAsOf(superseded, knownUntil)),
  };
}

function supersededAsOf(
  { by, reason, from, on }: NonNullable<TrackedRecord['superseded']>,
  knownUntil: LegalDay,
): Pick<ShownLife, 'superseded'> {
  return on <= knownUntil ? { superseded: { by, reason, from } } : {};
}

function shownDocument({ document, reference, life }: DocumentLife, decisions: TenantDecisions) {
  return { document, reference, ...shown(decidedLife(life, decisions)) };
}

function shown(life: Life): ShownSpan {
  const { keepThrough, deletableFrom, deleteBy, grounds, trace } = life;
  const blockedBy = [...new Set(life.blockedBy.map(blockText))];
  return { keepThrough, deletableFrom, deleteBy, blockedBy, grounds, trace };
}
