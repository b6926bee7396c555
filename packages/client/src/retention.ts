import type { Subject, Superseded } from '@mnv/core';
import type { TenantLaw } from './law.ts';
import type { LegalHold, NewHold, PlacedHold } from './legal-hold.ts';
import type { Problem } from './problem-error.ts';
import type { Registers } from './registers.ts';

/** Days are legal days of Japan, `YYYY-MM-DD`. */
type Day = string;

/** What happened. Which members belong to which kind stands in the service’s OpenAPI document. */
export type RetentionFact = {
  kind: string;
  on: Day;
  purpose?: string;
  document?: string;
  reference?: string;
  deadline?: Day;
  completedOn?: Day;
};

/** Whose record: by its id, or by the tenant’s own key of the person and the subject; none for the whole tenant. */
type Whose = { recordId?: string; individualRef?: string; subject?: Subject };

/** An event as it is told. The same `id` is the same event, however often it is told. */
export type RetentionEvent = { id: string } & Whose &
  (RetentionFact | { kind: 'corrected'; corrects: string; instead: RetentionFact | null });

/** What became of one event; `line` counts from 1 over all that were told. */
export type ToldEvent = { line: number; id?: string } & (
  | { outcome: 'recorded' | 'known' }
  | { problem: Problem }
);

/** One life: what keeps it, until when, and step by step why. */
export type LifeSpan = {
  keepThrough: Day | null;
  deletableFrom: Day | null;
  deleteBy: Day | null;
  /** `<rule>:<reason>`: why nothing may go without a person. */
  blockedBy: string[];
  grounds: {
    kind: 'rule' | 'relation' | 'purpose' | 'superseded';
    until: Day | null;
    [member: string]: unknown;
  }[];
  trace: string[];
};

export type RecordLife = {
  recordId: string;
  subject: Subject;
  state: 'living' | 'frozen' | 'erased';
  asOf: Day;
  lawVersion: Day;
  lawDigest: string;
  usesBook: 'yes' | 'no' | 'undecided';
  number: LifeSpan;
  documents: ({ document: string; reference: string } & LifeSpan)[];
  held: boolean;
  /** Another record holds the number since that legal day. */
  superseded?: Superseded;
};

export type DueRecord = {
  recordId: string;
  subject: Subject;
  individualRef: string;
  relatedRef: string | null;
  dueSince: Day;
  plannedOn: Day;
  overdue: boolean;
  held: boolean;
};

export type DryRun = {
  dryRunId: string;
  kind: 'due' | 'early';
  until: Day;
  reason: string | null;
  lawVersion: Day;
  madeAt: string;
  madeBy: string;
  summary: {
    records: number;
    bySubject: Record<string, number>;
    goingAlong: { D: number; S3: number };
    orphans: number;
    leftBehind: number;
    documentsOutlive: number;
    oldestDueSince: Day | null;
    overdue: number;
    held: number;
    keptBy: Record<string, number>;
    parts: number;
    partSize: number;
  };
};

export type RetentionTask = {
  taskId: string;
  topic: string;
  records: number;
  openedOn: Day;
  closedOn: Day | null;
};

export type RetentionDecision = {
  decisionId: string;
  topic: string;
  value: string;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  confirmedBy: string | null;
  decidedOn: Day | null;
};

/** The numbers of one kind of person kept for one purpose (特定個人情報ファイル), in counts. */
export type RegisteredFile = {
  purpose: string;
  subject: Subject;
  living: number;
  frozen: number;
  erased: number;
  firstStoredOn: Day;
  keptUntil: Day | null;
};

/** One run of what the service does by itself; without an outcome it runs, or was cut off. */
export type RetentionRun = {
  job: string;
  day: Day;
  attempt: number;
  startedAt: string;
  endedAt: string | null;
  outcome: 'done' | 'failed' | null;
  /** The first day without a run of its own that this one made up for. */
  missedFrom: Day | null;
};

/** How long the numbers of a tenant live: what is told, what follows, and what people decide. */
export type Retention = TenantLaw &
  Registers & {
    /** Tells events in chunks; each is answered by itself, in order. A lost answer is asked for again. */
    tell: (
      events: AsyncIterable<RetentionEvent> | Iterable<RetentionEvent>,
    ) => AsyncGenerator<ToldEvent>;
    /** A life now, or as it was known on a past day. */
    life: (recordId: string, asOf?: Day) => Promise<RecordLife>;
    /** The longest due first; up to today unless a day is named. */
    due: (until?: Day) => AsyncGenerator<DueRecord>;
    dryRun: (
      asked: { kind: 'due'; until?: Day } | { kind: 'early'; reason: string; recordIds: string[] },
    ) => Promise<DryRun>;
    findDryRun: (dryRunId: string) => Promise<DryRun>;
    /** The records of one part (from 1), as they may be requested today. */
    partOf: (
      dryRunId: string,
      part: number,
    ) => Promise<{ recordId: string; individualRef: string }[]>;
    tasks: () => Promise<RetentionTask[]>;
    decisions: () => Promise<RetentionDecision[]>;
    propose: (proposal: { topic: string; value: string; reason: string }) => Promise<string>;
    confirm: (decisionId: string) => Promise<void>;
    /** 管理台帳: needs the right `report:read`. */
    files: () => Promise<{ asOf: Day; files: RegisteredFile[] }>;
    runs: () => Promise<RetentionRun[]>;
    holds: () => Promise<LegalHold[]>;
    placeHold: (hold: NewHold) => Promise<PlacedHold>;
    liftHold: (holdId: string, reason: string) => Promise<void>;
  };
