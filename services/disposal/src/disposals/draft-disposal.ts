import { randomUUID } from 'node:crypto';
import { Refusal } from '@mnv/core';
import { batchHashOf } from '@mnv/protocol';
import type { Caller } from '@mnv/service-kit';
import type { Acts } from '../acts/record-act.ts';
import type { EarlierDraft, NewDisposal } from './disposal-draft.repository.ts';
import type { DisposalRecord } from './disposal.ts';

export type DraftOrder = {
  tenantId: string;
  idempotencyKey: string;
  caseId: string;
  reason: string;
  records: readonly DisposalRecord[];
};

export type Drafted = { disposalId: string; batchHash: string; count: number };

export type DraftDisposalDependencies = {
  acts: Acts;
  insertDraft(draft: NewDisposal): Promise<{ inserted: true } | EarlierDraft>;
};

/** Freezes what is to be disposed of, in its order, before anybody signs for it. Throws Refusal. */
export type DraftDisposal = (caller: Caller, order: DraftOrder) => Promise<Drafted>;

/**
 * A draft is this service's alone: the vault learns of it by the signed request of a person. The same key with
 * the same content is the same draft.
 */
export function makeDraftDisposal({ acts, insertDraft }: DraftDisposalDependencies): DraftDisposal {
  return async (caller, order) => {
    const { tenantId, caseId, records } = order;
    const batchHash = batchHashOf(records.map(({ recordId }) => recordId));
    const count = records.length;
    const act = { operation: 'draft-disposal', tenantId, caseId, count } as const;
    const disposalId = randomUUID();
    return acts.carryOut(caller, act, async () => {
      const outcome = await insertDraft({
        ...order,
        disposalId,
        batchHash: Buffer.from(batchHash, 'base64url'),
        draftedBy: caller.token.subject,
        clientId: caller.token.clientId,
      });
      if ('inserted' in outcome) return { disposalId, batchHash, count };
      if (outcome.same) return { disposalId: outcome.disposalId, batchHash, count };
      throw new Refusal('idempotency-mismatch', 'The key was used for another draft.');
    });
  };
}
