import { generateKeyPairSync } from 'node:crypto';
// The writer is no export of its service: only this measurement takes it out of that process.
import { LogWriter } from '../../../../../services/access-proxy/src/log/append-entries.ts';
import {
  insertBatches,
  loadHead,
} from '../../../../../services/access-proxy/src/log/log-batch.repository.ts';
import { openAccessDatabase } from './access-database.ts';
import type { Append } from './append-job.ts';
import { intentDraft } from './bench-draft.ts';

const CONNECTIONS = 8;
/** The log writer of the access proxy, with the role and the tables it has there, on a log of its own. */
export function logWriterAppender(connectionString: string, logId: string): Append {
  const { pool, db } = openAccessDatabase(connectionString, CONNECTIONS);
  const writer = new LogWriter({
    loadHead: (logId) => loadHead(db, logId),
    insertBatches: (batches, deadlineMs) => insertBatches(pool, batches, deadlineMs),
    reportDoubt: (error) => void process.stderr.write(`append in doubt: ${String(error)}\n`),
    signingKey: generateKeyPairSync('ed25519').privateKey,
    clock: Date.now,
  });
  const log = { logId, origin: `local/access/${logId}` };
  return async (entries) => {
    const drafts = Array.from({ length: entries }, intentDraft);
    const { first } = await writer.append(log, drafts, entries === 1 ? 'interactive' : 'bulk');
    // As the proxy does once the vault has seen a size.
    writer.forgetBefore(logId, first);
  };
}
