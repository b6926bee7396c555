import { disposalActorText, opensCommitment } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import type { PlacedEntry } from '../control/control-search.repository.ts';
import type { DisposalAct } from './disposal.ts';
import { personOf } from './disposal.ts';

export const APPROVALS_NEEDED = 2;
const APPROVAL_LIFE_MS = 14 * 24 * 3600 * 1000;

/**
 * The places of the approvals that count, in the control log's order: opened by their nonce, of this batch,
 * behind the request and behind every hold, at most fourteen days old, each of another person and none of the
 * requester; none once it was stopped. The log decides: a row without its entry is nothing, and a restored row
 * does not know of the stop.
 */
export function validApprovals(
  { tenantId, batchHash, count }: { tenantId: string; batchHash: string; count: number },
  { acts, entries, now }: { acts: DisposalAct[]; entries: PlacedEntry[]; now: number },
): number[] {
  const entryAt = new Map(entries.map(({ index, entry }) => [index, entry]));
  const requested = acts.find((act) => act.kind === 'requested');
  const request = requested && entryAt.get(requested.index);
  const isRequest =
    request?.op === 'disposal.requested' && request.batch === batchHash && request.cnt === count;
  if (!requested || !isRequest || !opens(request.by, { ...requested, tenantId })) return [];
  const isStopped = entries.some(
    ({ index, entry }) =>
      entry.op === 'disposal.stopped' && entry.batch === batchHash && index > requested.index,
  );
  if (isStopped) return [];
  const held = entries.flatMap(({ index, entry }) =>
    entry.op === 'disposal.held' && entry.batch === batchHash ? [index] : [],
  );
  const after = Math.max(requested.index, ...held);
  const persons = new Set([personOf(requested)]);
  return acts
    .filter((act) => act.kind === 'approved' && !act.void && act.index > after)
    .toSorted((a, b) => a.index - b.index)
    .flatMap((act) => {
      const entry = entryAt.get(act.index);
      if (
        !isApproval(entry, { ...act, tenantId }, { batchHash, now }) ||
        persons.has(personOf(act))
      )
        return [];
      persons.add(personOf(act));
      return [act.index];
    });
}

type ActOfTenant = DisposalAct & { tenantId: string };

function isApproval(
  entry: ControlEntry | undefined,
  act: ActOfTenant,
  { batchHash, now }: { batchHash: string; now: number },
): boolean {
  return (
    entry?.op === 'disposal.approved' &&
    entry.batch === batchHash &&
    opens(entry.by, act) &&
    Math.abs(now - entry.t) <= APPROVAL_LIFE_MS
  );
}

function opens(commitment: string, act: ActOfTenant): boolean {
  return opensCommitment({ commitment, nonce: act.nonce }, disposalActorText(act));
}
