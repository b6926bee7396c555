import { Refusal } from '@mnv/core';
import type { ServiceAct } from '@mnv/protocol';
import type { Caller, Peer } from '@mnv/service-kit';
import type { Appended, Lane } from '../log/append-entries.ts';
import type { EntryDraft, LogIdentity } from '../log/log-head.ts';
import type { FailedAttempt } from '../note-failed-attempt.ts';
import type { Spend } from './bounded-rate.ts';
import { judgeAct } from './service-acts.ts';
import type { JudgeActDependencies, JudgedAct } from './service-acts.ts';

export type RecordServiceActsDependencies = JudgeActDependencies & {
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended>;
  noteFailedAttempt(attempt: FailedAttempt): Promise<void>;
  /** Per access token: nobody works faster than this, and nothing fills a log. */
  spend: Spend;
};

export type RecordServiceActs = (
  peer: Peer,
  order: { tenantId: string; entries: readonly ServiceAct[] },
) => Promise<{ first: number; n: number; callers: Caller[] }>;

/**
 * Writes the entries of acts that people do through another service, all of them or none; resolves once they
 * are durable. Evidence that does not hold is noted against the service that brought it.
 * @throws Refusal
 */
export function makeRecordServiceActs(deps: RecordServiceActsDependencies): RecordServiceActs {
  return async (peer, { tenantId, entries }) => {
    const log = await deps.logOf(tenantId);
    if (!log) throw new Refusal('not-found', 'There is no such tenant.');
    const judged = await judgeAll(peer, { tenantId, entries });
    const callers = judged.map(({ caller }) => caller);
    for (const { token } of callers) deps.spend(token.tokenHashText, 1);
    const drafts = judged.map(({ draft }) => draft);
    const { first } = await deps.append(log, drafts, 'interactive');
    return { first, n: drafts.length, callers };
  };

  async function judgeAll(
    { x5t }: Peer,
    { tenantId, entries }: { tenantId: string; entries: readonly ServiceAct[] },
  ): Promise<JudgedAct[]> {
    try {
      return await Promise.all(entries.map((act) => judgeAct(act, tenantId, deps)));
    } catch (error) {
      if (error instanceof Refusal) await deps.noteFailedAttempt({ x5t, code: error.code });
      throw error;
    }
  }
}
