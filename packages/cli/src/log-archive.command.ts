import { ARCHIVE_OPTIONS, loadArchiving, withLedger } from './archive-options.ts';
import { UsageError, optionalText } from './command.ts';
import type { Command, Values } from './command.ts';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365.25;
const DEFAULT_ONLINE_DAYS = 400;
const DEFAULT_RETENTION_YEARS = 7;

/** To be run every day. What it may do is a right of its own role in the database. */
export const LOG_ARCHIVE: Command = {
  name: 'log archive',
  summary: 'Archive full segments of the access logs; drop and forget what is past its time.',
  details:
    'A segment is 65,536 entries. Nothing leaves the database before every byte of it was read back from the archive.',
  options: {
    ...ARCHIVE_OPTIONS,
    archive: { ...ARCHIVE_OPTIONS.archive, required: true },
    'archive-key': { ...ARCHIVE_OPTIONS['archive-key'], required: true },
    'online-days': {
      type: 'string',
      value: 'DAYS',
      help: `How long entries stay in the database at least; default ${DEFAULT_ONLINE_DAYS}.`,
    },
    'retention-years': {
      type: 'string',
      value: 'YEARS',
      help: `When the key of a segment is destroyed; default ${DEFAULT_RETENTION_YEARS}.`,
    },
    json: { type: 'boolean', help: 'Print the result as JSON.' },
  },
  run: async ({ values }, surroundings) => {
    const onlineMs = countOf(values, 'online-days', DEFAULT_ONLINE_DAYS) * DAY_MS;
    const years = countOf(values, 'retention-years', DEFAULT_RETENTION_YEARS);
    const retentionMs = years * YEAR_DAYS * DAY_MS;
    if (retentionMs < onlineMs)
      throw new UsageError('Entries cannot stay in the database for longer than they are kept.');
    const { archiveLogs } = await loadArchiving();
    const tally = await withLedger(values, surroundings, async ({ ledger, policy, archived }) => {
      if (!archived) throw new UsageError('Give --archive and --archive-key.');
      const run = { ledger, policy, ...archived, now: surroundings.now(), onlineMs, retentionMs };
      return archiveLogs(run);
    });
    const words = `保管 / archived ${tally.archived}, 退避 / dropped ${tally.dropped}, 鍵の廃棄 / keys destroyed ${tally.destroyed}\n`;
    surroundings.out(values['json'] === true ? `${JSON.stringify(tally)}\n` : words);
    return 0;
  },
};

function countOf(values: Values, name: string, otherwise: number): number {
  const text = optionalText(values, name);
  if (text === undefined) return otherwise;
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new UsageError(`--${name} is a number from 1.`);
  return Number(text);
}
