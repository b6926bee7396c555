import { asAdministrator } from '../as-administrator.ts';
import type { Command } from '../command.ts';
import { PERSON_OPTIONS } from '../connection-options.ts';

export const KEYTREE_EXPORT: Command = {
  name: 'keytree export',
  summary: 'Have the vault export the key tree to every place and verify it now.',
  details: 'It does so by itself every hour and after every erasure epoch.',
  options: { ...PERSON_OPTIONS, json: { type: 'boolean', help: 'Print JSON.' } },
  run: async ({ values }, surroundings) => {
    const made = await asAdministrator(values, surroundings, ({ administration }) =>
      administration.exportKeyTree(),
    );
    const { name, epoch, nodes, bytes, digest } = made;
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify(made)}\n`
        : `${name}: 検証済み / verified, epoch ${epoch}, ノード / nodes ${nodes}, ${bytes} bytes\n` +
            `ダイジェスト / digest ${digest}\n`,
    );
    return 0;
  },
};
