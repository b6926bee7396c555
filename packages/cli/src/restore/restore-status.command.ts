import { asAdministrator } from '../as-administrator.ts';
import type { Command } from '../command.ts';
import { PERSON_OPTIONS } from '../connection-options.ts';

const IN_WORDS: Record<string, string> = {
  unheard: '記憶の到着待ち / nobody has told the vault yet what is remembered of its log',
  'log-behind': '統制ログが古い / the control log is shorter than what was seen of it',
  'log-differs': '統制ログが別物 / the control log is another than the one that was seen',
  'root-newer': 'ルート鍵の方が新しい / the custodian has a newer root version than the tree',
  'root-lost': 'ルート鍵が無効 / the tree’s root version is not in use any more',
  'root-unreadable': 'ルート鍵が読めない / the custodian of the root versions cannot be asked',
  'reconciliation-due': '照合待ち / two administrators have to run "restore reconcile"',
  unchecked: '未確認 / nothing could be looked at yet',
};

export const RESTORE_STATUS: Command = {
  name: 'restore status',
  summary: 'Whether the vault serves, and if not, why.',
  options: { ...PERSON_OPTIONS, json: { type: 'boolean', help: 'Print JSON.' } },
  run: async ({ values }, surroundings) => {
    const state = await asAdministrator(values, surroundings, ({ administration }) =>
      administration.restoreState(),
    );
    const lines = [
      state.state === 'serving'
        ? '稼働中 / serving'
        : '停止中（復元フェンス） / closed by the restore fence',
      ...state.reasons.map((reason) => `- ${reason}: ${IN_WORDS[reason] ?? ''}`),
    ];
    surroundings.out(
      values['json'] === true ? `${JSON.stringify(state)}\n` : `${lines.join('\n')}\n`,
    );
    return state.state === 'serving' ? 0 : 1;
  },
};
