import type { ProvenEntries } from '@mnv/protocol';
import { Refusal } from '@mnv/core';
import type { Acceptance, SignedHead } from './checkpoint.repository.ts';
import type { LogHead } from './log-history.ts';
import { CheckpointUnproven, LogHistory, forked } from './log-history.ts';
import { makeTurns } from './turns.ts';

export type AcceptCheckpointDependencies = {
  findNewestAccepted(origin: string): Promise<LogHead | undefined>;
  acceptCheckpoint(signed: SignedHead, comparedSize: number): Promise<Acceptance>;
  stopForkedLog(signed: SignedHead): Promise<void>;
  /** The alarm. */
  reportFork(signed: SignedHead): void;
};

export type AcceptCheckpoint = (
  signed: SignedHead,
  consistency: ProvenEntries['consistency'],
) => Promise<void>;

/**
 * Requires that a signed head lies on the one history of its log that all instances have accepted, and makes
 * it part of that history durably. The heads of a log take turns: what a head is compared with must still be
 * the newest when it is stored. A crash after storing leaves an accepted head and no release.
 * @throws CheckpointUnproven; Refusal `log-forked`: then, and from then on, the log releases nothing
 */
export function makeAcceptCheckpoint(deps: AcceptCheckpointDependencies): AcceptCheckpoint {
  const histories = new Map<string, LogHistory>();
  const inTurn = makeTurns();
  return async (signed, consistency) => {
    if (histories.get(signed.origin)?.has(signed.head)) return;
    await inTurn(signed.origin, async () => {
      const history = histories.get(signed.origin) ?? (await load(signed.origin));
      histories.set(signed.origin, history);
      await accept(history, signed, consistency);
    });
  };

  async function load(origin: string): Promise<LogHistory> {
    return new LogHistory(await deps.findNewestAccepted(origin));
  }

  async function accept(
    history: LogHistory,
    signed: SignedHead,
    consistency: ProvenEntries['consistency'],
  ): Promise<void> {
    while (!history.has(signed.head)) {
      const answer = await judge(history, signed, consistency);
      if (answer === 'forked') throw await stopped(signed);
      history.add(answer === 'accepted' ? signed.head : answer.newest);
    }
  }

  async function judge(
    history: LogHistory,
    signed: SignedHead,
    consistency: ProvenEntries['consistency'],
  ): Promise<Acceptance> {
    try {
      const comparedSize = history.comparedSize(signed.head, consistency);
      return await deps.acceptCheckpoint(signed, comparedSize);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'log-forked') return 'forked';
      if (error instanceof CheckpointUnproven) return newerThan(error, signed.origin);
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
