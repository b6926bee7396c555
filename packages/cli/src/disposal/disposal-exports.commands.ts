import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Disposals } from '@mnv/client';
import { CommandError, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { BYTE_ORDER_MARK, csvText } from '@mnv/register-document';
import { DISPOSAL_OPTIONS, disposalIdOf, withPerson } from './disposal-options.ts';

const TO = { type: 'string', value: 'FILE', help: 'Where to write it; must not exist.' } as const;
const NOBODY =
  'No individualRef of these records is known here: the list was handed out before, or was never given.';
const { json: _json, ...OPTIONS } = DISPOSAL_OPTIONS;

/** What the tenant keeps, and an auditor verifies without us. */
export const DISPOSAL_CERTIFICATE: Command = writing({
  name: 'disposal certificate',
  summary: 'Get the certificate of a disposal; verify it with verify certificate FILE.',
  textOf: (disposals, id) => disposals.certificate(id),
});

/** Whose numbers are gone: for the tenant, apart from the certificate, which names nobody. */
export const DISPOSAL_PERSONS: Command = writing({
  name: 'disposal persons',
  summary: 'Get the list of whose numbers are gone, once: then it is forgotten here.',
  textOf: async (disposals, id) => {
    const rows = [['recordId', 'individualRef']];
    for await (const { recordId, individualRef = '' } of disposals.individualRefs(id))
      rows.push([recordId, individualRef]);
    if (rows.every(([, individualRef], at) => at === 0 || individualRef === ''))
      throw new CommandError(NOBODY);
    return BYTE_ORDER_MARK + csvText(rows);
  },
  written: (disposals, id) => disposals.individualRefsReceived(id),
});

function writing(what: {
  name: string;
  summary: string;
  textOf: (disposals: Disposals, disposalId: string) => Promise<string>;
  written?: (disposals: Disposals, disposalId: string) => Promise<void>;
}): Command {
  return {
    name: what.name,
    summary: what.summary,
    positionals: ['DISPOSAL'],
    options: { ...OPTIONS, to: { ...TO, required: true } },
    run: async ({ values, positionals }, surroundings) => {
      const disposalId = disposalIdOf(positionals);
      const file = resolve(surroundings.workingDirectory, textOf(values, 'to'));
      await withPerson({ values, surroundings }, async ({ disposals }) => {
        const text = await what.textOf(disposals, disposalId);
        await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
        await what.written?.(disposals, disposalId);
      });
      surroundings.out(`書き出しました / written: ${file}\n`);
      return 0;
    },
  };
}
