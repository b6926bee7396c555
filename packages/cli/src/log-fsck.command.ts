import { decodeControlEntry } from '@mnv/protocol';
import type { LogState } from '@mnv/log-archive';
import {
  ARCHIVE_OPTIONS,
  loadArchiving,
  withControlLedger,
  withLedger,
} from './archive-options.ts';
import { CommandError, UsageError, optionalText } from './command.ts';
import type { Command, Surroundings, Values } from './command.ts';
import { isControlOrigin } from './control-entry-rules.ts';

const { required: _, ...URL_FILE } = ARCHIVE_OPTIONS['url-file'];

/** For whoever runs the databases: `verify log` checks what we serve, this checks what we keep. */
export const LOG_FSCK: Command = {
  name: 'log fsck',
  summary: 'Recompute the logs from what databases and archive hold, and compare it all.',
  details:
    'Name the database of the access logs (--url-file), that of the vault with its control log (--control-url-file), or both.',
  options: {
    ...ARCHIVE_OPTIONS,
    'url-file': URL_FILE,
    'control-url-file': {
      type: 'string',
      value: 'FILE',
      help: 'A file with the address of the vault’s database by a role that may read the control log, for its owner alone.',
    },
    json: { type: 'boolean', help: 'Print {ok, logs} as JSON.' },
  },
  run: async ({ values }, surroundings) => {
    const logs = await statesOf(values, surroundings);
    const sum = (of: (state: LogState) => number) => logs.reduce((all, one) => all + of(one), 0);
    const [expected, checked, forgotten, missing] = [
      sum((one) => one.expected),
      sum((one) => one.checked),
      sum((one) => one.forgotten),
      sum((one) => one.missing),
    ];
    const ok = checked + forgotten > 0 && logs.every((one) => one.ok);
    if (values['json'] === true) surroundings.out(`${JSON.stringify({ ok, logs })}\n`);
    else {
      for (const state of logs) surroundings.out(inWords(state));
      surroundings.out(
        `ログ / logs ${logs.length}, 件数 / entries: 期待 / expected ${expected}, 検証 / checked ${checked}, ` +
          `消去済み / forgotten ${forgotten}, 欠落 / missing ${missing}\n` +
          `${ok ? '異常なし / sound' : '異常あり / NOT sound'}\n`,
      );
    }
    return ok ? 0 : 1;
  },
};

async function statesOf(values: Values, surroundings: Surroundings): Promise<LogState[]> {
  const isGiven = (name: string) => optionalText(values, name) !== undefined;
  if (!isGiven('url-file') && !isGiven('control-url-file'))
    throw new UsageError('Give --url-file, --control-url-file or both.');
  return [
    ...(isGiven('url-file') ? await accessLogs(values, surroundings) : []),
    ...(isGiven('control-url-file') ? [await controlLog(values, surroundings)] : []),
  ];
}

async function accessLogs(values: Values, surroundings: Surroundings): Promise<LogState[]> {
  const { fsckLog } = await loadArchiving();
  return withLedger(values, surroundings, async (opened) => {
    const states: LogState[] = [];
    for (const log of await opened.ledger.logs()) states.push(await fsckLog(log, opened));
    return states;
  });
}

/** By the name its newest checkpoint has, which the trust policy must know and all others must share. */
async function controlLog(values: Values, surroundings: Surroundings): Promise<LogState> {
  const { fsckLog } = await loadArchiving();
  return withControlLedger(values, surroundings, async ({ ledger, policy }) => {
    const origin = await ledger.origin();
    if (origin === undefined || !isControlOrigin(origin))
      throw new CommandError('The database holds no control log.');
    return fsckLog({ logId: 'control', origin }, { ledger, policy, decode: decodeControlEntry });
  });
}

function inWords({ origin, findings, findingsInAll, expected, segments }: LogState): string {
  const head = `${origin}: ${expected}, 区分 / segments ${segments.checked}/${segments.expected}`;
  const lines = findings.map(
    ({ code, index, detail }) => `✗ ${code}${index === undefined ? '' : ` @${index}`}: ${detail}`,
  );
  const more = findingsInAll > findings.length ? [`✗ … ${findingsInAll} in all`] : [];
  return `${[head, ...lines, ...more].join('\n')}\n`;
}
