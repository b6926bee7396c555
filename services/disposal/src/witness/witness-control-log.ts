import type { Kysely } from 'kysely';
import type { Logger, Repeated, ServiceClient, WitnessClient } from '@mnv/service-kit';
import {
  followControlLog,
  makeFetchControlLog,
  makeShowControlLog,
  openControlCheckpoint,
  repeatedly,
  safeFacts,
  vaultFence,
} from '@mnv/service-kit';
import type { Policy, TileLog } from '@mnv/transparency-log';
import type { DisposalDatabase } from '../database.ts';
import { openCosignedLog } from './cosigned-log.ts';
import { findNewestSeen, keepSeen } from './seen-control-checkpoint.repository.ts';

const LOOK_EVERY_MS = 60_000;
const TRY_AGAIN_MS = 10_000;

export type ControlLogWitness = {
  /** Follows the control log and tells the vault what is remembered of it; not started. */
  following: Repeated;
  /** The control log as it is now, under a checkpoint cosigned outside. Throws NotCosignedError. */
  cosignedLog(): Promise<TileLog>;
};

/**
 * This service is a witness of the vault's control log: it remembers the newest checkpoint outside the vault's
 * database, and raises the alarm when the log goes back or becomes another.
 */
export function witnessControlLog(parts: {
  deployment: string;
  db: Kysely<DisposalDatabase>;
  vault: Pick<ServiceClient, 'json'>;
  policy: Policy;
  witnesses: readonly WitnessClient[];
  log: Logger;
}): ControlLogWitness {
  const { db, log, policy } = parts;
  const origin = `${parts.deployment}/control`;
  const keys = policy.logKeysOf(origin);
  const fetch = makeFetchControlLog(parts.vault);
  const openCheckpoint = (note: string) => openControlCheckpoint(note, keys);
  const showWitnesses = makeShowControlLog({
    witnesses: parts.witnesses,
    newestSize: async () => {
      const note = await fetch('checkpoint');
      return note ? openCheckpoint(Buffer.from(note).toString('utf8')).size : 0;
    },
    reportSetBack: (facts) =>
      log.error('the control log is not the one that a witness cosigned', facts),
    reportWitnessFault: (peer, error) =>
      log.warn('a witness did not take the control log', { peer, ...safeFacts(error) }),
  });
  const fence = vaultFence(parts.vault);
  const follow = () =>
    followControlLog({
      fetch,
      openCheckpoint,
      findNewestSeen: () => findNewestSeen(db),
      keepSeen: (seen) => keepSeen(db, seen),
      record: () => Promise.resolve(),
      showWitnesses,
      handOver: (memory) => fence.handOver(memory),
      reportContradiction: ({ size }) =>
        log.error('the control log contradicts what was seen of it', { origin, size }),
    });
  return {
    following: repeatedly(follow, {
      everyMs: LOOK_EVERY_MS,
      tryAgainMs: TRY_AGAIN_MS,
      onFault: (error) => log.warn('the control log was not followed', safeFacts(error)),
    }),
    cosignedLog: () => openCosignedLog({ fetch, openCheckpoint, policy, origin, showWitnesses }),
  };
}
