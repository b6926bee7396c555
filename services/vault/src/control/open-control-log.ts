import type { KeyObject } from 'node:crypto';
import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import type { MapHead } from '@mnv/erasure-tree';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import { logVerifierKey, storedTiles } from '@mnv/transparency-log';
import type { VaultDatabase } from '../database.ts';
import type { HeldJob } from '../epoch/epoch-job.ts';
import {
  flush,
  insertBatch,
  isStored,
  loadHead,
  newestCheckpoint,
  readBatches,
} from './control-batch.repository.ts';
import { ControlLog } from './control-log.ts';
import { controlLogRoutes } from './control-log.routes.ts';
import { searchControlLog } from './control-search.repository.ts';
import type { PlacedEntry } from './control-search.repository.ts';
import { controlTiles } from './control-tile.repository.ts';
import { readProven } from './read-proven.ts';
import { recordCheckpoints } from './record-checkpoints.ts';
import { makeRecordOnce } from './record-once.ts';
import type { RecordOnce } from './record-once.ts';
import { recordFirstRoot } from './record-root.ts';
import { findUnrecorded, keepRecorded } from './recorded-checkpoint.repository.ts';

const RECORD_EVERY_MS = 10 * 60 * 1000;
const TRY_AGAIN_MS = 10_000;

export type OpenedControlLog = {
  /** How many entries there are. */
  sizeOfLog(): Promise<number>;
  search(wanted: { from: number; text: string }): Promise<PlacedEntry[]>;
  recordOnce: RecordOnce;
  /** Entries from an index on, each proven under the newest signed checkpoint. */
  entriesProven(from: number): Promise<PlacedEntry[]>;
  /** What the vault does about keys and disposals is appended here before it is done. */
  controlLog: ControlLog;
  /** The log as it is served and exported. */
  files: Parameters<typeof controlLogRoutes>[0];
  routes: Router;
  /** Records the checkpoints of the access logs; not started. */
  recording: Repeated;
};

/**
 * Opens the control log and makes sure that it names the root version in use.
 * @throws Refusal `log-unavailable`: then the vault must not serve
 */
export async function openControlLog(parts: {
  deployment: string;
  db: Kysely<VaultDatabase>;
  pool: Pool;
  signingKey: KeyObject;
  mapHead(): Promise<MapHead>;
  /** Throws while the log may be older than what was seen of it. */
  requireMayGrow(): void;
  /** Throws when a job is not held any more by who appends for it. */
  requireHeld(job: HeldJob): Promise<void>;
  log: Logger;
  clock: Clock;
}): Promise<OpenedControlLog> {
  const { db, pool, log } = parts;
  const controlLog = new ControlLog({
    origin: controlOrigin(parts.deployment),
    signingKey: parts.signingKey,
    loadHead: () => loadHead(db),
    insertBatch: (signed, deadlineMs) => insertBatch(pool, signed, deadlineMs),
    isStored: (batch) => isStored(db, batch),
    flush: (deadlineMs) => flush(pool, deadlineMs),
    requireMayGrow: parts.requireMayGrow,
    requireHeld: parts.requireHeld,
    reportDoubt: (error) => log.error('control log append in doubt', safeFacts(error)),
    clock: parts.clock,
  });
  const sizeOfLog = async () => (await newestCheckpoint(db))?.size ?? 0;
  const search = (wanted: { from: number; text: string }) => searchControlLog(db, wanted);
  await recordFirstRoot({
    sizeOfLog,
    mapHead: parts.mapHead,
    controlLog,
  });
  const files = {
    newestCheckpoint: () => newestCheckpoint(db),
    tiles: storedTiles(controlTiles(db), (range) => readBatches(db, range)),
  };
  const verifierKey = logVerifierKey(controlOrigin(parts.deployment), parts.signingKey);
  const record = () =>
    recordCheckpoints({
      findUnrecorded: () => findUnrecorded(db),
      keepRecorded: (recorded) => keepRecorded(pool, recorded),
      controlLog,
    });
  const recording = repeatedly(record, {
    everyMs: RECORD_EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => log.error('checkpoints not recorded', safeFacts(error)),
  });
  return {
    sizeOfLog,
    search,
    recordOnce: makeRecordOnce({ controlLog, sizeOfLog, search }),
    entriesProven: (from) => readProven({ ...files, verifierKey }, from),
    controlLog,
    files,
    routes: controlLogRoutes(files),
    recording,
  };
}

/** The name of the control log in its checkpoints and in trust policies. */
export function controlOrigin(deployment: string): string {
  return `${deployment}/control`;
}
