import { Refusal } from '@mnv/core';
import type { MapHead } from '@mnv/erasure-tree';
import { mapHeadHash } from '@mnv/erasure-tree';
import type { ControlLog } from '../../control/control-log.ts';
import type { FenceState } from '../restore-fence.ts';
import type { Incident } from './incident.repository.ts';
import type { Survey, Surveyed, Zombies } from './survey.ts';

/** The second person agrees within this time, or the first has to look again. */
const PROPOSAL_STANDS_MS = 15 * 60_000;

export type Reconciled = {
  state: 'proposed' | 'reconciled';
  reason: string;
  /** `zombies` are dropped, `lost` are gone with the backup's age. */
  findings: Survey;
  /** Records dropped in all. */
  dropped: number;
};

export type ReconcileDependencies = {
  fence: { readonly state: FenceState; look(): Promise<FenceState> };
  findIncident(): Promise<Incident | undefined>;
  propose(proposal: { by: string; findings: string }): Promise<void>;
  closeIncident(by: string): Promise<void>;
  survey(): Promise<Surveyed>;
  dropRecords(zombies: Zombies): Promise<void>;
  /** What older rows say of epochs under way. */
  settleEpochs(): Promise<void>;
  mapHead(): Promise<MapHead>;
  controlLog: Pick<ControlLog, 'append'>;
  sizeOfLog(): Promise<number>;
};

/**
 * Reconciles restored rows with the current key tree, once two persons have seen the same findings: records
 * whose keys are erased are disposed of again, and that stands in the control log. Before, control log and root
 * versions must be the newest; then what is left to reconcile is the rows. Where the second person meets
 * anything else than the first has seen, nothing is done: then they are the first. So it is after a crash on the
 * way, which leaves the incident open, and less to drop.
 * @throws Refusal `vault-restoring` while more than the rows is behind, `not-found` without an incident
 */
export function makeReconcile(deps: ReconcileDependencies) {
  return async (by: string): Promise<Reconciled> => {
    await deps.fence.look();
    const incident = await deps.findIncident();
    if (incident === undefined) throw new Refusal('not-found', 'There is nothing to reconcile.');
    requireOnlyRowsBehind(deps.fence.state);
    return isAgreed(incident, by) ? carryOut(incident, by, deps) : proposeTo(incident, by, deps);
  };
}

function requireOnlyRowsBehind({ reasons }: FenceState): void {
  if (reasons.every((reason) => reason === 'reconciliation-due')) return;
  throw new Refusal(
    'vault-restoring',
    'Restore the control log, the key tree and the root versions first: see the state of the fence.',
  );
}

function isAgreed({ proposal }: Incident, by: string): boolean {
  return proposal !== undefined && proposal.by !== by && proposal.ageMs < PROPOSAL_STANDS_MS;
}

async function proposeTo(
  incident: Incident,
  by: string,
  deps: ReconcileDependencies,
): Promise<Reconciled> {
  const { epoch } = await deps.mapHead();
  const size = await deps.sizeOfLog();
  if (incident.proposal === undefined)
    await deps.controlLog.append([{ op: 'restore.detected', epoch, size }]);
  return keepProposal(incident, { by, surveyed: await deps.survey() }, deps);
}

async function keepProposal(
  { reason, dropped }: Incident,
  { by, surveyed }: { by: string; surveyed: Surveyed },
  deps: ReconcileDependencies,
): Promise<Reconciled> {
  const { findings, digest } = surveyed;
  if (findings.unknown > 0) throw olderTree();
  await deps.propose({ by, findings: JSON.stringify({ ...findings, digest }) });
  return { state: 'proposed', reason, findings, dropped };
}

async function carryOut(
  incident: Incident,
  by: string,
  deps: ReconcileDependencies,
): Promise<Reconciled> {
  const surveyed = await deps.survey();
  if (surveyed.digest !== digestSeen(incident))
    return keepProposal(incident, { by, surveyed }, deps);
  await deps.settleEpochs();
  for (const zombies of surveyed.zombies) await deps.dropRecords(zombies);
  const dropped = (await deps.findIncident())?.dropped ?? 0;
  const head = await deps.mapHead();
  const map = mapHeadHash(head).toString('base64url');
  const event = { op: 'restore.reconciled' as const, epoch: head.epoch, map, cnt: dropped };
  await deps.controlLog.append([event]);
  await deps.closeIncident(by);
  await deps.fence.look();
  return { state: 'reconciled', reason: incident.reason, findings: surveyed.findings, dropped };
}

/** A proposal of an earlier release has none, and is looked at anew. */
function digestSeen({ proposal }: Incident): string | undefined {
  return (JSON.parse(proposal?.findings ?? '{}') as { digest?: string }).digest;
}

function olderTree(): Refusal {
  return new Refusal('vault-restoring', 'The key tree is older than the records. Restore a newer.');
}
