import { Refusal } from '@mnv/core';
import type { Acceptance, SignedHead } from './checkpoint.repository.ts';
import type { LogHead, Presented } from './log-history.ts';
import { CheckpointUnproven, LogHistory, forked } from './log-history.ts';
import { makeTurns } from './turns.ts';

export type AcceptCheckpointDependencies = {
  findNewestAccepted(origin: string): Promise<LogHead | undefined>;
  acceptCheckpoint(signed: SignedHead, compared: LogHead | undefined): Promise<Acceptance>;
  stopForkedLog(signed: SignedHead): Promise<void>;
  /** The alarm. */
  reportFork(signed: SignedHead): void;
};

export type AcceptCheckpoint = {
  (presented: Presented & SignedHead): Promise<void>;
  /** What this process remembers of a log is not what the database has: the next head is compared with the latter. */
  forget(origin: string): void;
};

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
  const acceptInTurn = async (presented: Presented & SignedHead) => {
    const { origin, head } = presented;
    if (histories.get(origin)?.has(head)) return;
    await inTurn({ key: origin, rank: head.size }, () => accept(presented));
  };
  return Object.assign(acceptInTurn, { forget: (origin: string) => void histories.delete(origin) });

  async function accept(presented: Presented & SignedHead): Promise<void> {
    let history = await historyOf(presented.origin);
    while (!history.has(presented.head)) {
      const answer = await judge(history, presented);
      if (answer === 'forked') throw await stopped(presented);
      if (answer === 'accepted') history.add(presented.head);
      else if (history.isAheadOf(answer.newest)) history = begin(presented.origin, answer.newest);
      else history.add(answer.newest);
    }
  }

  async function historyOf(origin: string): Promise<LogHistory> {
    return histories.get(origin) ?? begin(origin, await deps.findNewestAccepted(origin));
  }

  function begin(origin: string, newest: LogHead | undefined): LogHistory {
    const history = new LogHistory(newest);
    histories.set(origin, history);
    return history;
  }

  async function judge(
    history: LogHistory,
    presented: Presented & SignedHead,
  ): Promise<Acceptance> {
    try {
      return await deps.acceptCheckpoint(presented, history.comparedHead(presented));
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
