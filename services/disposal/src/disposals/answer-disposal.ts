import type { Disposal } from './disposal.ts';
import { isStoppedDraft } from './is-stopped-draft.ts';

/** A disposal as the API tells it. `reason` is for those who approve; it is in no log and no certificate. */
export function answerDisposal(disposal: Disposal): object {
  const { disposalId, caseId, reason, batchHash, count, held, approvals, certificate } = disposal;
  return {
    disposalId,
    caseId,
    reason,
    batchHash,
    count,
    ...(disposal.notDue !== undefined && { notDue: disposal.notDue }),
    state: stateOf(disposal),
    held,
    approvals,
    draftedBy: disposal.draftedBy,
    draftedAt: disposal.draftedAt.toISOString(),
    ordered: disposal.orderedAt !== undefined,
    ...(disposal.epoch !== undefined && { epoch: disposal.epoch }),
    ...(disposal.indices !== undefined && { indices: disposal.indices }),
    ...(certificate && {
      certificate: {
        number: certificate.number,
        tenantNumber: certificate.tenantNumber,
        hash: certificate.hash,
        issuedAt: certificate.issuedAt.toISOString(),
        ...(certificate.controlIndex !== undefined && { index: certificate.controlIndex }),
      },
    }),
  };
}

/** `draft` until the vault knows of it or it is stopped, then what the vault says, and at last `certified`. */
export function stateOf(disposal: Disposal): string {
  if (disposal.certificate?.controlIndex !== undefined) return 'certified';
  return disposal.vaultState ?? (isStoppedDraft(disposal) ? 'stopped' : 'draft');
}
