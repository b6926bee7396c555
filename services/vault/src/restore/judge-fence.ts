import type { KnownRoot, RootStatus } from '@mnv/erasure-tree';
import type { OutsideMemory } from './outside-memory.ts';
import { OPERATOR, PROXY, witnessSource } from './outside-memory.ts';

/**
 * Why the fence is closed.
 * `unheard`: nobody has told this process yet, or not for a day, what is remembered outside.
 * `log-behind`, `log-differs`: somebody remembers more of the control log than there is, or another one.
 * `root-newer`, `root-lost`: the custodian has a newer root version than the tree, or not the tree's.
 * `root-unreadable`: the custodian does not answer, or not in a way that can be believed.
 * `reconciliation-due`: people have to reconcile first. `unchecked`: none of this could be looked at.
 */
export type FenceReason =
  | 'unheard'
  | 'log-behind'
  | 'log-differs'
  | 'root-newer'
  | 'root-lost'
  | 'root-unreadable'
  | 'reconciliation-due'
  | 'unchecked';

/** Those that only an older or another database explains. */
const EVIDENCE = new Set<FenceReason>(['log-behind', 'log-differs', 'root-newer']);
/** While one of these holds the control log must not grow: it could not be joined with the one remembered. */
const OF_THE_LOG = new Set<FenceReason>(['unheard', 'log-behind', 'log-differs', 'unchecked']);
const UNHEARD_AFTER_MS = 24 * 60 * 60 * 1000;
/** A witness dates its cosignatures by its own clock; everybody else's word is dated by the database's. */
const SKEW_MS = 60_000;

export type FenceFacts = {
  /** When this process began, by the clock of the database. */
  beganAt: Date;
  log: { size: number; rootAt(size: number): Promise<Uint8Array | undefined> };
  memories: readonly OutsideMemory[];
  /** Names of the witnesses that the trust policy lists. */
  witnesses: readonly string[];
  roots: { newer: readonly KnownRoot[]; current: RootStatus } | 'unreadable';
  /** The epoch that is under way: its root version is newer than the tree's, rightly. */
  runningEpoch: number | undefined;
  reconciliationDue: boolean;
};

/** Every reason to keep the fence closed; none = open. */
export async function judgeFence(facts: FenceFacts): Promise<FenceReason[]> {
  const reasons = new Set<FenceReason>();
  if (!isHeard(facts)) reasons.add('unheard');
  for (const memory of facts.memories) {
    const reason = await judgeMemory(memory, facts);
    if (reason !== undefined) reasons.add(reason);
  }
  for (const reason of judgeRoots(facts)) reasons.add(reason);
  if (facts.reconciliationDue) reasons.add('reconciliation-due');
  return [...reasons];
}

/** Whether a person must look before the fence may open again, whatever is said later. */
export function isEvidence(reasons: readonly FenceReason[]): boolean {
  return reasons.some((reason) => EVIDENCE.has(reason));
}

export function mayLogGrow(reasons: readonly FenceReason[]): boolean {
  return !reasons.some((reason) => OF_THE_LOG.has(reason));
}

/** The proxy's word, and that of a witness where there are any: the proxy's database may have been restored too. */
function isHeard({ beganAt, memories, witnesses }: FenceFacts): boolean {
  const heard = memories.filter(({ source, saidAt, ageMs }) => {
    const skewMs = source.startsWith(witnessSource('')) ? SKEW_MS : 0;
    return saidAt.getTime() >= beganAt.getTime() - skewMs && ageMs < UNHEARD_AFTER_MS;
  });
  const sources = new Set(heard.map(({ source }) => source));
  const witnessed = [...witnesses.map((name) => witnessSource(name)), OPERATOR];
  return (
    sources.has(PROXY) &&
    (witnesses.length === 0 || witnessed.some((source) => sources.has(source)))
  );
}

async function judgeMemory(
  { size, root, contradicts }: OutsideMemory,
  { log }: FenceFacts,
): Promise<FenceReason | undefined> {
  if (size > log.size) return 'log-behind';
  if (contradicts) return 'log-differs';
  if (root === undefined || size === 0) return undefined;
  const own = await log.rootAt(size);
  return own !== undefined && Buffer.compare(own, root) === 0 ? undefined : 'log-differs';
}

function judgeRoots({ roots, runningEpoch }: FenceFacts): FenceReason[] {
  if (roots === 'unreadable') return ['root-unreadable'];
  const reasons: FenceReason[] = [];
  // An epoch that was given up leaves a destroyed version behind; its number is spent.
  const newer = roots.newer.filter(
    ({ epoch, status }) => epoch !== runningEpoch && status !== 'destroyed' && status !== 'pending',
  );
  if (newer.length > 0) reasons.push('root-newer');
  if (roots.current !== 'enabled') reasons.push('root-lost');
  return reasons;
}
