import { Refusal } from '@mnv/core';
import { batchHashOf, commitTo, disposalActorText } from '@mnv/protocol';
import type { DisposalDependencies } from './disposal-dependencies.ts';
import type { Disposal, DisposalAct } from './disposal.ts';
import type { RecordsFound } from './disposal-item.repository.ts';
import type { ActEvidence, JudgedAct } from './judge-act.ts';
import { requireAct } from './judge-act.ts';

export type DisposalRequest = {
  disposalId: string;
  tenantId: string;
  caseId: string;
  recordIds: string[];
  evidence: ActEvidence;
};

export type RequestedDisposal = {
  /** False for a repeat. */
  created: boolean;
  batchHash: string;
  count: number;
  requestedIndex: number;
};

/** What is stored of a request, together or not at all. */
export type NewDisposal = {
  batch: Pick<Disposal, 'disposalId' | 'tenantId' | 'caseId' | 'batchHash' | 'count'>;
  recordIds: readonly string[];
  act: Omit<DisposalAct, 'void'>;
};

export type RequestDisposal = (request: DisposalRequest) => Promise<RequestedDisposal>;

/**
 * Opens a batch that a person asked for. The entry comes first: after a crash between the two it says that
 * somebody asked, and a repeat asks again. Nothing can be approved that is not stored.
 * @throws Refusal
 */
export function makeRequestDisposal(deps: DisposalDependencies): RequestDisposal {
  return async ({ disposalId, tenantId, caseId, recordIds, evidence }) => {
    const judged = await deps.judgeAct(evidence, { scope: 'disposal:request', tenantId });
    const batchHash = hashOf(recordIds);
    const batch = { disposalId, tenantId, caseId, batchHash, count: recordIds.length };
    requireAct(judged, { ...batch, operation: 'request-disposal', now: deps.clock() });
    const repeated = await findRepeated(batch, deps);
    if (repeated) return repeated;
    requirePossible(await deps.lookAtRecords(tenantId, recordIds));
    await deps.requireUnused(tenantId, judged.request.rid);
    const act = await recordRequest(judged, batch, deps);
    if (!(await deps.storeDisposal({ batch, recordIds, act })))
      return (await findRepeated(batch, deps)) ?? conflict();
    return { created: true, batchHash, count: batch.count, requestedIndex: act.index };
  };
}

type Batch = NewDisposal['batch'];

async function recordRequest(
  { token, request }: JudgedAct,
  { batchHash: batch, count: cnt, tenantId }: Batch,
  deps: DisposalDependencies,
): Promise<NewDisposal['act']> {
  const person = { iss: token.issuer, sub: token.subject };
  const { commitment: by, nonce } = commitTo(disposalActorText({ ...person, tenantId }));
  const index = await deps.record({ op: 'disposal.requested', batch, cnt, by });
  return { kind: 'requested', index, ...person, nonce, rid: request.rid };
}

/** The same id with the same batch is a repeat; with another one it is somebody else's. */
async function findRepeated(
  batch: Batch,
  deps: DisposalDependencies,
): Promise<RequestedDisposal | undefined> {
  const known = await deps.findDisposal(batch);
  if (!known) return undefined;
  if (known.batchHash !== batch.batchHash || known.caseId !== batch.caseId) return conflict();
  const { batchHash, count } = known;
  const requested = (await deps.findActs(batch)).find((act) => act.kind === 'requested');
  if (!requested) throw new Error('a disposal without its request');
  return { created: false, batchHash, count, requestedIndex: requested.index };
}

function hashOf(recordIds: readonly string[]): string {
  try {
    return batchHashOf(recordIds);
  } catch {
    throw new Refusal('invalid-request', 'Send 1 to 50,000 distinct record ids.');
  }
}

function requirePossible({ missing, disposed, taken }: RecordsFound): void {
  if (missing > 0) throw new Refusal('record-not-found', 'The tenant lacks a record of the batch.');
  if (disposed > 0) throw new Refusal('already-disposed', 'A record of the batch is disposed of.');
  if (taken > 0) conflict();
}

function conflict(): never {
  throw new Refusal(
    'disposal-conflict',
    'The id or a record of the batch is taken by another open disposal.',
  );
}
