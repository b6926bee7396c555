import type { Block, DocumentLife, LegalDay, RecordLife } from '@mnv/bango-ho';
import type { TenantDecisions } from './decided-life.ts';
import { decidedLife } from './decided-life.ts';

/** A life as it is kept for lists: what was computed, without the steps. */
export type LifeSummary = {
  keepThrough: LegalDay | null;
  deletableFrom: LegalDay | null;
  /** `<rule>:<reason>`; the rule is empty where there is none. */
  blockedBy: string[];
  documents: number;
  /** First day on which one of the documents may go. */
  documentsDueFrom: LegalDay | null;
  /** First day on which only a decision keeps one of the documents. */
  documentsOpenFrom: LegalDay | null;
  /** Last day for which one of the documents is kept; null where there is none, or one is open. */
  documentsUntil: LegalDay | null;
  documentsBlockedBy: string[];
};

/** Of a history the law table does not cover. A person has to look at it. */
export const NOT_COMPUTABLE: LifeSummary = {
  keepThrough: null,
  deletableFrom: null,
  blockedBy: [':not-computable'],
  documents: 0,
  documentsDueFrom: null,
  documentsOpenFrom: null,
  documentsUntil: null,
  documentsBlockedBy: [],
};

/** The text of a block in lists and in the database. */
export function blockText({ rule, reason }: Block): string {
  return `${rule ?? ''}:${reason}`;
}

/** Sums a life up, with what the tenant decided. */
export function summaryOf(life: RecordLife, decisions: TenantDecisions): LifeSummary {
  const number = decidedLife(life.number, decisions);
  return {
    keepThrough: number.keepThrough,
    deletableFrom: number.deletableFrom,
    blockedBy: distinct(number.blockedBy.map(blockText)),
    ...documentsOf(life.documents, decisions),
  };
}

function documentsOf(documents: readonly DocumentLife[], decisions: TenantDecisions) {
  const lives = documents.map(({ life }) => decidedLife(life, decisions));
  const untils = lives.map(({ keepThrough, deleteBy }) => keepThrough ?? deleteBy);
  const due = lives.flatMap(({ deletableFrom }) => deletableFrom ?? []);
  const open = lives.flatMap(({ blockedBy, keepThrough, deleteBy }) =>
    blockedBy.length > 0 && blockedBy.every(isForTenant) ? (keepThrough ?? deleteBy ?? []) : [],
  );
  return {
    documents: lives.length,
    documentsDueFrom: due.toSorted().at(0) ?? null,
    documentsOpenFrom: open.toSorted().at(0) ?? null,
    documentsUntil: untils.every((day) => day !== null) ? (untils.toSorted().at(-1) ?? null) : null,
    documentsBlockedBy: distinct(lives.flatMap(({ blockedBy }) => blockedBy.map(blockText))),
  };
}

function isForTenant({ reason }: Block): boolean {
  return reason === 'needs-check' || reason === 'maximum-only';
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}
