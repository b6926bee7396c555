import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
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
import type { VerifierKey } from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import type { EntryDraft } from '../log/log-head.ts';
import { makeViews } from '../log/view-log.ts';
import type { RecordAct } from '../record-act.ts';
import { controlLogRoutes } from './control-log.routes.ts';
import { controlCheckpointEntry } from './record-control-checkpoint.ts';
import { keepingCosigned } from './keep-cosigned.ts';
import { findNewestSeen, keepSeen } from './seen-control-checkpoint.repository.ts';
import { rememberingState } from './vault-state.ts';
import type { VaultState } from './vault-state.ts';
import { whenToFollow } from './when-to-follow.ts';
import {
  keepWitnessedControl,
  newestWitnessedControl,
} from './witnessed-control-checkpoint.repository.ts';

const LOOK_EVERY_MS = 1_000;

export type ControlLogView = {
  routes: Router;
  following: Repeated;
  followOnce(): Promise<void>;
  /** As it was at the last look, a second ago. */
  vaultState(): VaultState;
};

/**
 * This service's view of the vault's control log: it follows it (not started), tells the vault what it and the
 * witnesses remember, and serves it to reviewers.
 */
export function openControlLog(parts: {
  db: Kysely<AccessDatabase>;
  vault: ServiceClient;
  keys: readonly VerifierKey[];
  witnesses: readonly WitnessClient[];
  appendToOperatorLog(draft: EntryDraft): Promise<unknown>;
  recordAct: RecordAct;
  log: Logger;
  clock: Clock;
}): ControlLogView {
  const { db, log } = parts;
  const fetch = makeFetchControlLog(parts.vault);
  const openCheckpoint = (note: string) => openControlCheckpoint(note, parts.keys);
  const showWitnesses = makeShowControlLog({
    witnesses: parts.witnesses,
    newestSize: async () => {
      const note = await fetch('checkpoint');
      return note ? openCheckpoint(Buffer.from(note).toString('utf8')).size : 0;
    },
    reportSetBack: (facts) =>
      log.error('the control log is not the one that a witness cosigned', facts),
    reportWitnessFault: (peer, error) =>
      log.warn('a witness did not take a checkpoint of the control log', {
        peer,
        ...safeFacts(error),
      }),
  });
  const fence = vaultFence(parts.vault);
  const follow = () =>
    followControlLog({
      handOver: (memory) => fence.handOver(memory),
      fetch,
      openCheckpoint,
      findNewestSeen: () => findNewestSeen(db),
      keepSeen: (seen) => keepSeen(db, seen),
      record: async (note) => {
        await parts.appendToOperatorLog(controlCheckpointEntry(note));
      },
      showWitnesses: keepingCosigned(showWitnesses, (cosigned) =>
        keepWitnessedControl(db, cosigned),
      ),
      reportContradiction: ({ origin, size }) =>
        log.error('the control log contradicts what was seen of it', { origin, size }),
    });
  const { look, state } = rememberingState(() => fence.look());
  const followIfDue = whenToFollow({ look, follow, clock: parts.clock });
  const views = makeViews({ recordAct: parts.recordAct, operation: 'view-control-log' });
  return {
    routes: controlLogRoutes({
      views,
      fetch,
      newestWitnessed: (witnesses) => newestWitnessedControl(db, witnesses),
    }),
    vaultState: state,
    ...following(followIfDue, log),
  };
}

function following(followIfDue: () => Promise<void>, log: Logger) {
  const onFault = (error: unknown) =>
    log.error('the control log was not followed', safeFacts(error));
  const times = { everyMs: LOOK_EVERY_MS, tryAgainMs: LOOK_EVERY_MS };
  return {
    following: repeatedly(followIfDue, { ...times, onFault }),
    followOnce: () => followIfDue().catch(onFault),
  };
}
