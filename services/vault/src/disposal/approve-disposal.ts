import { Refusal } from '@mnv/core';
import { commitTo, disposalActorText } from '@mnv/protocol';
import type { DisposalDependencies, NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal, DisposalAct } from './disposal.ts';
import { personOf } from './disposal.ts';
import type { ActEvidence, JudgedAct } from './judge-act.ts';
import { requireAct, requireFreshSignIn } from './judge-act.ts';
import { requireDisposal } from './require-disposal.ts';

export type ApproveDisposal = (
  named: NamedDisposal,
  evidence: ActEvidence,
) => Promise<{ approvals: number; approvedIndex: number }>;

/**
 * Takes a person's approval of exactly this batch. The entry comes first; it counts once the nonce that opens
 * it is stored, so a crash between the two leaves an approval of nobody, and the person approves again.
 * @throws Refusal
 */
export function makeApproveDisposal(deps: DisposalDependencies): ApproveDisposal {
  return async (named, evidence) => {
    const { tenantId } = named;
    const judged = await deps.judgeAct(evidence, { scope: 'disposal:approve', tenantId });
    requireFreshSignIn(judged.token, deps.clock());
    const disposal = await requireDisposal(named, deps);
    requireAct(judged, { ...disposal, operation: 'approve-disposal', now: deps.clock() });
    const acts = await deps.findActs(named);
    const repeated = findRepeated(judged, acts);
    if (repeated) return answer(repeated.index, acts);
    requireMayApprove(judged, disposal, acts);
    await deps.requireUnused(tenantId, judged.request.rid);
    const act = await recordApproval(judged, disposal, deps);
    return deps.whileLocked(named, async (locked, steps) => {
      requireMayApprove(judged, locked, await steps.findActs());
      if (!(await steps.insertAct(act))) throw replayed();
      return answer(act.index, await steps.findActs());
    });
  };
}

async function recordApproval(
  { token, request }: JudgedAct,
  { batchHash: batch, tenantId }: Disposal,
  deps: DisposalDependencies,
): Promise<Omit<DisposalAct, 'void'>> {
  const person = { iss: token.issuer, sub: token.subject };
  const { commitment: by, nonce } = commitTo(disposalActorText({ ...person, tenantId }));
  const index = await deps.record({ op: 'disposal.approved', batch, by });
  return { kind: 'approved', index, ...person, nonce, rid: request.rid };
}

/** The very same signed request again: its answer was lost. */
function findRepeated({ token, request }: JudgedAct, acts: DisposalAct[]): DisposalAct | undefined {
  const used = acts.find((act) => act.rid === request.rid);
  if (!used) return undefined;
  const same = used.kind === 'approved' && !used.void && isBy(used, token);
  if (!same) throw replayed();
  return used;
}

function requireMayApprove({ token }: JudgedAct, { state }: Disposal, acts: DisposalAct[]): void {
  if (state !== 'requested')
    throw new Refusal('disposal-closed', 'The disposal takes no approval: it is ordered or over.');
  if (acts.some((act) => !act.void && act.kind !== 'held' && isBy(act, token)))
    throw new Refusal('approver-repeated', 'The person asked for it, or has approved it already.');
}

function isBy(act: DisposalAct, { issuer, subject }: JudgedAct['token']): boolean {
  return personOf(act) === personOf({ iss: issuer, sub: subject });
}

function answer(approvedIndex: number, acts: DisposalAct[]) {
  const approvals = acts.filter((act) => act.kind === 'approved' && !act.void).length;
  return { approvals, approvedIndex };
}

function replayed(): Refusal {
  return new Refusal('request-replayed', 'The signed request was used before. Sign anew.');
}
