import { X509Certificate } from 'node:crypto';
import type { Request } from 'express';
import { Refusal } from '@mnv/core';
import type { Clock } from '@mnv/core';
import {
  HOLD_CASE,
  holdChangeCount,
  holdChangeDigest,
  readSignedRequest,
  requireBatchRequest,
} from '@mnv/protocol';
import type { HoldChange } from '@mnv/protocol';
import type { Acting, RecordAct, RetentionAct } from '../retention-act.ts';

const CHANGE = { operation: 'change-hold', caseId: HOLD_CASE } as const;

export type SignedHoldDependencies = {
  recordAct: RecordAct;
  /** Writes down that somebody was refused. */
  denyAct(caller: Acting['caller'], act: RetentionAct, refusal: Refusal): Promise<void>;
  clock: Clock;
};

/**
 * Writes the act down, once the person's signed request is over exactly this change; who has none is refused,
 * and that is written down.
 * @throws Refusal
 */
export async function recordSignedHold(
  deps: SignedHoldDependencies,
  { caller, tenantId }: Acting,
  { req, change }: { req: Request; change: HoldChange },
): Promise<void> {
  const count = holdChangeCount(change);
  const act = { ...CHANGE, tenantId, count };
  try {
    const { publicKey } = new X509Certificate(caller.certificate);
    const jws = req.get('mynumber-request') ?? '';
    const request = await readSignedRequest(jws, publicKey);
    requireBatchRequest(request, {
      tenant: tenantId,
      operation: CHANGE.operation,
      batchHash: holdChangeDigest(change),
      count,
      now: deps.clock(),
    });
    if (request.purpose !== 'DISPOSAL' || request.caseId !== HOLD_CASE) throw notOfThis();
    await deps.recordAct(caller, { ...act, signed: { rid: request.rid, jws } });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'request-signature-invalid')
      await deps.denyAct(caller, act, error);
    throw error;
  }
}

function notOfThis(): Refusal {
  return new Refusal('request-signature-invalid', `Sign the purpose DISPOSAL, case ${HOLD_CASE}.`);
}
