import { Refusal } from '@mnv/core';
import type { Acceptance, SignedHead } from './checkpoint.repository.ts';
import type { LogHead, Presented } from './log-history.ts';
import { CheckpointUnproven, LogHistory, forked } from './log-history.ts';
import { makeTurns } from './turns.ts';

export type AcceptCheckpointDependencies = {
  findNewestAccepted(origin: string): Promise<LogHead | undefined>;
  acceptCheckpoint(signed: SignedHead, comparedSize: number): Promise<Acceptance>;
  stopForkedLog(signed: SignedHead): Promise<void>;
  /** The alarm. */
  reportFork(signed: SignedHead): void;
};

export type AcceptCheckpoint = (presented: Presented & SignedHead) => Promise<void>;

/**
 * Requires that a signed head lies on the one history of its log that all instances have accepted, and makes
 * it part of that history durably. The heads of a log take turns, smaller ones first, for a ticket is mostly
 * proven from the head before it: what a head is compared with must still be
 * the newest when it is stored. A crash after storing leaves an accepted head and no release.
 * @throws CheckpointUnproven; Refusal `log-forked`: then, and from then on, the log releases nothing
 */
export function makeAcceptCheckpoint(deps: AcceptCheckpointDependencies): AcceptCheckpoint {
  const histories = new Map<string, LogHistory>();
  const inTurn = makeTurns();
  return async (presented) => {
    const { origin, head } = presented;
    if (histories.get(origin)?.has(head)) return;
    await inTurn({ key: origin, rank: head.size }, async () => {
      const history = histories.get(origin) ?? (await load(origin));
      histories.set(origin, history);
      await accept(history, presented);
    });
  };

  async function load(origin: string): Promise<LogHistory> {
    return new LogHistory(await deps.findNewestAccepted(origin));
  }

  async function accept(history: LogHistory, presented: Presented & SignedHead): Promise<void> {
    while (!history.has(presented.head)) {
      const answer = await judge(history, presented);
      if (answer === 'forked') throw await stopped(presented);
      history.add(answer === 'accepted' ? presented.head : answer.newest);
    }
  }

  async function judge(
    history: LogHistory,
    presented: Presented & SignedHead,
  ): Promise<Acceptance> {
    try {
      const comparedSize = history.comparedSize(presented);
      return await deps.acceptCheckpoint(presented, comparedSize);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'log-forked') return 'forked';
      if (error instanceof CheckpointUnproven) return newerThan(error, presented.origin);
      throw error;
    }
  }

  /** The proof may be from a head that another instance accepted: what is named as the newest must be it. */
  async function newerThan(unproven: CheckpointUnproven, origin: string): Promise<Acceptance> {
    const newest = await deps.findNewestAccepted(origin);
    if (!newest || newest.size <= unproven.newestSize) throw unproven;
    return { newest };
  }

  async function stopped(signed: SignedHead): Promise<Refusal> {
    deps.reportFork(signed);
    await deps.stopForkedLog(signed);
    return forked();
  }
}
