import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ProblemCode, ProblemFacts } from '@mnv/core';
import { isProblemCode } from '@mnv/core';
import type { AccessEntry, DisclosureOperation, Receipt, SignedRequest } from '@mnv/protocol';
import type { Caller } from '@mnv/service-kit';
import type { Lane } from '../log/append-entries.ts';

export type DisclosureRequest = {
  caller: Caller;
  publicKey: KeyObject;
  /** The tenant named in the path. */
  tenantId: string;
  jws: string;
  /** What the request may be for. */
  operations: readonly [DisclosureOperation, ...DisclosureOperation[]];
  recordIds: string[];
  lane: Lane;
  /** Aborted once nobody waits for the answer any more. */
  waiting: AbortSignal;
};

/** One record: its number, or why not. */
export type DisclosedRecord = { recordId: string; index: number } & (
  | { individualNumber: string }
  | { problem: ProblemCode; facts: ProblemFacts }
);
export type Disclosure = { rid: string; records: DisclosedRecord[]; receipt: Receipt };

/** What every entry about a request says of it. */
export type RequestFacts = Pick<AccessEntry, 'rid' | 'op' | 'rqh' | 'pur' | 'case'>;

export function factsOf(signed: SignedRequest, jws: string): RequestFacts {
  return {
    rid: signed.rid,
    op: signed.operation,
    pur: signed.purpose,
    case: signed.caseId,
    rqh: createHash('sha256').update(jws).digest('base64url'),
  };
}

/** The record an entry about a whole request names: the only one, or none. */
export function onlyRecordOf({ recordIds }: Pick<DisclosureRequest, 'recordIds'>): string {
  return recordIds.length === 1 ? (recordIds[0] ?? '') : '';
}

/** A code this version knows; another one means that the vault did not answer in our terms. */
export function knownCode(problem: string): ProblemCode {
  return isProblemCode(problem) ? problem : 'vault-unavailable';
}
