import type { Reconciliation } from '@mnv/client';
import { asAdministrator } from '../as-administrator.ts';
import type { Command } from '../command.ts';
import { PERSON_OPTIONS } from '../connection-options.ts';

export const RESTORE_RECONCILE: Command = {
  name: 'restore reconcile',
  summary: 'Reconcile restored records with the key tree: run it as two administrators.',
  details:
    'The first run shows the findings. A second person who runs it within 15 minutes has it carried out.',
  options: { ...PERSON_OPTIONS, json: { type: 'boolean', help: 'Print JSON.' } },
  run: async ({ values }, surroundings) => {
    const done = await asAdministrator(values, surroundings, ({ administration }) =>
      administration.reconcile(),
    );
    const json = values['json'] === true;
    surroundings.out(json ? `${JSON.stringify(done)}\n` : inWords(done));
    return 0;
  },
};

function inWords({ state, findings, dropped }: Reconciliation): string {
  const { living, zombies, unknown, damaged, lost } = findings;
  const lines = [
    `生存 / living: ${living}`,
    `廃棄済みの復活 / disposed of since the backup: ${zombies}`,
    `鍵ツリーが知らない、0 のはず / unknown to the key tree, must be 0: ${unknown}`,
    `開けない / do not open: ${damaged}`,
    `バックアップ後に登録、喪失 / stored after the backup, lost: ${lost}`,
    state === 'proposed'
      ? '次に、別の管理者が 15 分以内に同じコマンドを実行してください / now another administrator, within 15 minutes'
      : `照合完了 / reconciled: 再廃棄 / dropped again ${dropped}`,
  ];
  return `${lines.join('\n')}\n`;
}
