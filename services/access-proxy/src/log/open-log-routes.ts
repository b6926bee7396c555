import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { AccessDatabase } from '../database.ts';
import type { RecordAct } from '../record-act.ts';
import { newestWitnessed } from '../witness/witnessed.repository.ts';
import { logRoutes } from './log.routes.ts';
import type { LogRouteDependencies } from './log.routes.ts';
import type { storedLogs } from './stored-logs.ts';
import { makeViews } from './view-log.ts';

/** The access logs as auditors take them along. */
export function openLogRoutes(parts: {
  db: Kysely<AccessDatabase>;
  logs: ReturnType<typeof storedLogs>;
  recordAct: RecordAct;
  logOf: LogRouteDependencies['logOf'];
}): Router {
  const { db, logs, recordAct, logOf } = parts;
  return logRoutes({
    views: makeViews({ recordAct, operation: 'view-log' }),
    logOf,
    tileReaderOf: logs.tileReaderOf,
    newestCheckpoint: logs.newestOf,
    newestWitnessed: (logId, witnesses) => newestWitnessed(db, logId, witnesses),
  });
}
