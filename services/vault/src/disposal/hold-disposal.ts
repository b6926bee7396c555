import { Refusal } from '@mnv/core';
import { commitTo, disposalActorText } from '@mnv/protocol';
import type { DisposalDependencies, NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal, DisposalAct } from './disposal.ts';
import { personOf } from './disposal.ts';
import type { ActEvidence, JudgedAct } from './judge-act.ts';
import { requireAct } from './judge-act.ts';
import { requireDisposal, requireReversible } from './require-disposal.ts';

export type HoldDisposal = (
  named: NamedDisposal,
  evidence: ActEvidence,
) => Promise<{ heldIndex: number }>;

/**
 * Reports a hold: the batch leaves the queue, its records read again, and the approvals so far count no more.
 * Here the effect comes before its entry: a crash between the two leaves a batch that is not erased.
 * @throws Refusal `too-late` once keys are dropped
 */
export function makeHoldDisposal(deps: DisposalDependencies): HoldDisposal {
  return async (named, evidence) => {
    const { tenantId } = named;
    const judged = await deps.judgeAct(evidence, { scope: 'hold:write', tenantId });
    const disposal = await requireDisposal(named, deps);
    requireAct(judged, { ...disposal, operation: 'report-hold', now: deps.clock() });
    const repeated = findRepeated(judged, await deps.findActs(named));
    if (repeated) return { heldIndex: repeated.index };
    await deps.requireUnused(tenantId, judged.request.rid);
    await deps.whileLocked(named, async (locked, steps) => {
      requireReversible(locked);
      await steps.voidApprovals();
      await steps.withdraw();
      await steps.markHeld();
    });
    const act = await recordHold(judged, disposal, deps);
    await deps.whileLocked(named, async (_, steps) => {
      // An approval that came in between was given before the entry.
      await steps.voidApprovals();
      if (!(await steps.insertAct(act))) throw replayed();
    });
    return { heldIndex: act.index };
  };
}

async function recordHold(
  { token, request }: JudgedAct,
  { batchHash: batch, tenantId }: Disposal,
  deps: DisposalDependencies,
): Promise<Omit<DisposalAct, 'void'>> {
  const person = { iss: token.issuer, sub: token.subject };
  const { commitment: by, nonce } = commitTo(disposalActorText({ ...person, tenantId }));
  const index = await deps.record({ op: 'disposal.held', batch, by });
  return { kind: 'held', index, ...person, nonce, rid: request.rid };
}

function findRepeated({ token, request }: JudgedAct, acts: DisposalAct[]): DisposalAct | undefined {
  const used = acts.find((act) => act.rid === request.rid);
  if (!used) return undefined;
  const same = personOf(used) === personOf({ iss: token.issuer, sub: token.subject });
  if (used.kind !== 'held' || !same) throw replayed();
  return used;
}

function replayed(): Refusal {
  return new Refusal('request-replayed', 'The signed request was used before. Sign anew.');
}
