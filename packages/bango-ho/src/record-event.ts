import type { LegalDay } from './legal-day.ts';

type Told = {
  /** The event's own id: the same id is the same event, however often it is told. */
  readonly id: string;
  /** The legal day on which it became known. "As of" a past day leaves later knowledge out. */
  readonly recordedOn: LegalDay;
};

/** What begins, moves or ends the relation to the person, the dependant or the payee. */
export type RelationKind =
  | 'hired'
  | 're-hired'
  | 'transferred'
  | 'left'
  | 'died'
  | 'dependant-began'
  | 'dependant-ended'
  | 'payee-contract-began'
  | 'payee-contract-ended'
  | 'tenant-contract-ended';

export type RelationEvent = Told & { readonly kind: RelationKind; readonly on: LegalDay };

export type PurposeEvent = Told & {
  readonly kind: 'purpose-began' | 'purpose-ended';
  readonly on: LegalDay;
  readonly purpose: string;
};

/** A number-bearing document came to be kept. */
export type DocumentEvent = Told & {
  readonly kind: 'document-submitted';
  readonly on: LegalDay;
  readonly document: string;
  /** The tenant's own reference of this paper or file. */
  readonly reference: string;
  /** 提出期限, where the document has one. */
  readonly deadline?: LegalDay;
  /** 完結の日 of the matter, once it is known. */
  readonly completedOn?: LegalDay;
};

/** A paper or file was destroyed, or its number made unreadable: nothing is left to keep. */
export type DestructionEvent = Told & {
  readonly kind: 'document-destroyed';
  readonly on: LegalDay;
  readonly document: string;
  /** As it was named when it came to be kept. */
  readonly reference: string;
};

/** A declaration was filed without the number, because the book holds it. */
export type OmissionEvent = Told & {
  readonly kind: 'number-omitted';
  readonly on: LegalDay;
  readonly deadline: LegalDay;
};

export type RecordFact =
  | RelationEvent
  | PurposeEvent
  | DocumentEvent
  | DestructionEvent
  | OmissionEvent;

/** Takes an event back (`instead` null), or puts another in its place. A correction can be corrected. */
export type Correction = Told & {
  readonly kind: 'corrected';
  readonly corrects: string;
  readonly instead: RecordFact | null;
};

export type RecordEvent = RecordFact | Correction;
