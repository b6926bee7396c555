import { resolve } from 'node:path';
import { TreeExportError } from '@mnv/erasure-tree';
import type { Command } from '../command.ts';
import { CommandError } from '../command.ts';
import { URL_FILE_OPTION, ownerUrl } from './owner-url.ts';
import { restoreKeyTree } from './restore-key-tree.ts';

/** The first half of the way back after the vault's database was restored: the keys as they are now. */
export const KEYTREE_RESTORE: Command = {
  name: 'keytree restore',
  summary: 'Put an export of the key tree into the vault’s database. Stop the vault first.',
  details:
    'Whole or not at all. The vault then serves nothing until two administrators have run "restore reconcile".',
  positionals: ['FILE'],
  options: { ...URL_FILE_OPTION, json: { type: 'boolean', help: 'Print JSON.' } },
  run: async ({ values, positionals: [name = ''] }, surroundings) => {
    const dsn = await ownerUrl(values, surroundings);
    const file = resolve(surroundings.workingDirectory, name);
    const restored = await restoreKeyTree({ dsn, file }).catch((error: unknown) => {
      if (error instanceof TreeExportError)
        throw new CommandError(`Nothing was restored: ${error.message}.`);
      throw error;
    });
    const { epoch, tenants, nodes } = restored;
    const digest = restored.digest.toString('base64url');
    const takenAt = new Date(restored.takenAt).toISOString();
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify({ epoch, takenAt, tenants, nodes, digest })}\n`
        : `鍵ツリーを復元しました / key tree restored: epoch ${epoch}, ${takenAt}\n` +
            `委託元 / tenants ${tenants}, ノード / nodes ${nodes}\n` +
            `ダイジェスト / digest ${digest} (restore.verified の export と照合 / compare with the control log)\n`,
    );
    return 0;
  },
};
