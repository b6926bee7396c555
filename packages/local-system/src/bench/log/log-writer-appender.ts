import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createKysely, createPool } from '@mnv/service-kit';
// The writer is no export of its service: only this measurement takes it out of that process.
import { LogWriter } from '../../../../../services/access-proxy/src/log/append-entries.ts';
import {
  insertBatches,
  loadHead,
} from '../../../../../services/access-proxy/src/log/log-batch.repository.ts';
import type { AccessDatabase } from '../../../../../services/access-proxy/src/database.ts';
import { CASE_ID, PURPOSE, TENANT } from '../load/load-job.ts';
import type { Append } from './append-job.ts';

const CONNECTIONS = 8;
const digest = createHash('sha256').update('an access token or a request').digest('base64url');

/** An entry as a disclosure writes it, as long as a real one. */
function draft() {
  return {
    k: 'intent',
    rid: randomUUID(),
    ten: TENANT,
    rec: randomUUID(),
    op: 'disclose',
    iss: 'https://localhost:8445',
    sub: randomUUID(),
    act: 'payroll',
    x5t: digest,
    tok: digest,
    rqh: digest,
    pur: PURPOSE,
    case: CASE_ID,
    pol: 'p1',
    dec: 'allow',
    cnt: 1,
  } as const;
}

/** The log writer of the access proxy, with the role and the tables it has there, on a new log. */
export function logWriterAppender(connectionString: string): Append {
  const pool = createPool({
    setting: 'the address of the access database',
    connectionString,
    max: CONNECTIONS,
    applicationName: 'bench',
  });
  const db = createKysely<AccessDatabase>(pool);
  const writer = new LogWriter({
    loadHead: (logId) => loadHead(db, logId),
    insertBatches: (batches, deadlineMs) => insertBatches(pool, batches, deadlineMs),
    reportDoubt: (error) => void process.stderr.write(`append in doubt: ${String(error)}\n`),
    signingKey: generateKeyPairSync('ed25519').privateKey,
    clock: Date.now,
  });
  const logId = randomUUID();
  const log = { logId, origin: `local/access/${logId}` };
  return async (entries) => {
    const drafts = Array.from({ length: entries }, draft);
    const { first } = await writer.append(log, drafts, entries === 1 ? 'interactive' : 'bulk');
    // As the proxy does once the vault has seen a size.
    writer.forgetBefore(logId, first);
  };
}
