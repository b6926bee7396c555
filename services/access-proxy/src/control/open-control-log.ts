import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Logger, Repeated, ServiceClient } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { VerifierKey } from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import type { EntryDraft } from '../log/log-head.ts';
import { makeViews } from '../log/view-log.ts';
import type { RecordAct } from '../record-act.ts';
import type { WitnessClient } from '../witness/witness-client.ts';
import { openControlCheckpoint } from './control-checkpoint.ts';
import { controlLogRoutes } from './control-log.routes.ts';
import { makeFetchControlLog } from './fetch-control-log.ts';
import { followControlLog } from './follow-control-log.ts';
import { controlCheckpointEntry } from './record-control-checkpoint.ts';
import { findNewestSeen, keepSeen } from './seen-control-checkpoint.repository.ts';
import { makeShowControlLog } from './show-control-log.ts';

const LOOK_EVERY_MS = 10 * 60 * 1000;
const TRY_AGAIN_MS = 10_000;

/** This service's view of the vault's control log: it follows it (not started), and serves it to reviewers. */
export function openControlLog(parts: {
  db: Kysely<AccessDatabase>;
  vault: ServiceClient;
  keys: readonly VerifierKey[];
  witnesses: readonly WitnessClient[];
  appendToOperatorLog(draft: EntryDraft): Promise<unknown>;
  recordAct: RecordAct;
  log: Logger;
}): { routes: Router; following: Repeated } {
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
  const follow = () =>
    followControlLog({
      fetch,
      openCheckpoint,
      findNewestSeen: () => findNewestSeen(db),
      keepSeen: (seen) => keepSeen(db, seen),
      record: async (note) => {
        await parts.appendToOperatorLog(controlCheckpointEntry(note));
      },
      showWitnesses,
      reportContradiction: ({ origin, size }) =>
        log.error('the control log contradicts what was seen of it', { origin, size }),
    });
  const following = repeatedly(follow, {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => log.error('the control log was not followed', safeFacts(error)),
  });
  const views = makeViews({ recordAct: parts.recordAct, operation: 'view-control-log' });
  return { routes: controlLogRoutes({ views, fetch }), following };
}
