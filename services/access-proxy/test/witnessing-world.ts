import { randomUUID } from 'node:crypto';
import { createKysely } from '@mnv/service-kit';
import type { WitnessClient } from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import { newLogKey } from '@mnv/transparency-log';
import type { AccessDatabase } from '../src/database.ts';
import { LogWriter } from '../src/log/append-entries.ts';
import { insertBatches, loadHead } from '../src/log/log-batch.repository.ts';
import { newLog } from '../src/log/open-log.ts';
import type { EntryDraft, LogIdentity } from '../src/log/log-head.ts';
import { storedLogs } from '../src/log/stored-logs.ts';
import { insertTenant } from '../src/log/tenant.repository.ts';
import { openWitnessWatch } from '../src/witness/open-witness-watch.ts';
import { newestWitnessed } from '../src/witness/witnessed.repository.ts';

/** An access database with logs that grow, and the service's watch over them with any witnesses. */
export async function openWitnessingWorld(clock: () => number) {
  const { privateKey, vkey } = newLogKey('test/access');
  const database = await createTestDatabase('access');
  const pool = database.pool('access_service');
  const db = createKysely<AccessDatabase>(pool);
  const logs = storedLogs(db);
  const alarms: { event: string; facts: object }[] = [];

  /** A fresh watch, as after a restart; what was alarmed before is forgotten. */
  function openWatch(witnesses: readonly WitnessClient[]) {
    alarms.length = 0;
    const heard = (event: string, facts: object = {}) => void alarms.push({ event, facts });
    const log = { info: () => undefined, warn: heard, error: heard };
    return openWitnessWatch({ db, logs, witnesses, log, clock });
  }

  async function makeLog(): Promise<LogIdentity> {
    const tenantId = `t-${randomUUID().slice(0, 8)}`;
    return insertTenant(db, { tenantId, name: tenantId, ...newLog('test') }, 'test');
  }

  async function append(log: LogIdentity, count: number): Promise<void> {
    const writer = new LogWriter({
      loadHead: (logId) => loadHead(db, logId),
      insertBatches: (batches, deadlineMs) => insertBatches(pool, batches, deadlineMs),
      reportDoubt: () => undefined,
      signingKey: privateKey,
      clock,
    });
    await writer.append(log, Array.from({ length: count }, anAct), 'interactive');
  }

  const witnessedNote = (log: LogIdentity, witnesses = 1) =>
    newestWitnessed(db, log.logId, witnesses);
  return { vkey, database, pool, db, alarms, openWatch, makeLog, append, witnessedNote };
}
export type WitnessingWorld = Awaited<ReturnType<typeof openWitnessingWorld>>;

export const sizeOf = (note: string | undefined) => Number(note?.split('\n')[1]);

function anAct(): EntryDraft {
  const none = { rec: '', iss: '', sub: '', act: '', x5t: '', tok: '', rqh: '', pur: '', case: '' };
  const act = { k: 'act', rid: randomUUID(), ten: 't-001', op: 'view-report' } as const;
  return { ...none, ...act, pol: 'p1', dec: 'allow', cnt: 1 };
}
