import type { LogState } from '@mnv/log-archive';
import { ARCHIVE_OPTIONS, loadArchiving, withLedger } from './archive-options.ts';
import type { Command } from './command.ts';

/** For whoever runs the database: `verify log` checks what we serve, this checks what we keep. */
export const LOG_FSCK: Command = {
  name: 'log fsck',
  summary: 'Recompute every access log from what database and archive hold, and compare it all.',
  options: {
    ...ARCHIVE_OPTIONS,
    json: { type: 'boolean', help: 'Print {ok, logs} as JSON.' },
  },
  run: async ({ values }, surroundings) => {
    const { fsckLog } = await loadArchiving();
    const logs = await withLedger(values, surroundings, async (opened) => {
      const states: LogState[] = [];
      for (const log of await opened.ledger.logs()) states.push(await fsckLog(log, opened));
      return states;
    });
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

function inWords({ origin, findings, findingsInAll, expected, segments }: LogState): string {
  const head = `${origin}: ${expected}, 区分 / segments ${segments.checked}/${segments.expected}`;
  const lines = findings.map(
    ({ code, index, detail }) => `✗ ${code}${index === undefined ? '' : ` @${index}`}: ${detail}`,
  );
  const more = findingsInAll > findings.length ? [`✗ … ${findingsInAll} in all`] : [];
  return `${[head, ...lines, ...more].join('\n')}\n`;
}
