import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import type { Logger } from '@mnv/service-kit';
import { safeFacts } from '@mnv/service-kit';
import type { AccessDatabase } from '../database.ts';
import { LogWriter } from './append-entries.ts';
import { insertBatches, loadHead } from './log-batch.repository.ts';

/** The one writer of this process. Heads are read over `db`; only appends use `logPool`. */
export function openLogWriter(parts: {
  db: Kysely<AccessDatabase>;
  logPool: Pool;
  signingKey: KeyObject;
  log: Logger;
  clock: Clock;
}): LogWriter {
  const { db, logPool, signingKey, log, clock } = parts;
  return new LogWriter({
    loadHead: (logId) => loadHead(db, logId),
    insertBatches: (batches, deadlineMs) => insertBatches(logPool, batches, deadlineMs),
    reportDoubt: (error) => log.error('log append in doubt', safeFacts(error)),
    signingKey,
    clock,
  });
}
