import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { Logger, WitnessClient } from '@mnv/service-kit';
import { decodeEntry } from '@mnv/protocol';
import { consistencyProof } from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import { readEntryBytes } from '../log/read-entries.ts';
import type { StoredLogs } from '../log/stored-logs.ts';
import { WitnessWatch } from './witness-watch.ts';
import { findLogsToShow, keepWitnessed } from './witnessed.repository.ts';

const ALARMS = {
  unwitnessed: 'the log has not been witnessed for ten minutes',
  'log-set-back': 'the log is not the one that a witness cosigned',
  'witness-fault': 'a witness did not take a checkpoint',
} as const;

/** The watch over this service's logs, not started. */
export function openWitnessWatch(parts: {
  db: Kysely<AccessDatabase>;
  logs: Pick<StoredLogs, 'readBatches' | 'tileReaderOf' | 'newestOf'>;
  witnesses: readonly WitnessClient[];
  log: Logger;
  clock: Clock;
}): WitnessWatch {
  const { db, logs, witnesses, log, clock } = parts;
  return new WitnessWatch({
    witnesses,
    clock,
    findLogsToShow: (asked) => findLogsToShow(db, asked),
    keepWitnessed: (cosigned) => keepWitnessed(db, cosigned),
    consistencyProof: (logId, size1, size2) =>
      consistencyProof(size1, size2, logs.tileReaderOf(logId).readNodes),
    newestSize: async (logId) => (await logs.newestOf(logId))?.size ?? 0,
    timeOfEntry: async (logId, index) => {
      for await (const { bytes } of readEntryBytes(logs.readBatches, logId, index)) {
        return decodeEntry(bytes).t;
      }
      throw new RangeError('the log has no such entry');
    },
    alarm: (code, facts) =>
      code === 'witness-fault' ? log.warn(ALARMS[code], facts) : log.error(ALARMS[code], facts),
  });
}
