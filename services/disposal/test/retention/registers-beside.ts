import { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import type { DisposalDatabase } from '../../src/database.ts';
import { openRegisterExports } from '../../src/register-exports/open-register-exports.ts';
import type { RegisterExportParts } from '../../src/register-exports/open-register-exports.ts';

/** Registers beside retention, in the same database. Nobody is behind it who could tell of people. */
export function registersBeside(
  own: Kysely<object>,
  parts: Pick<RegisterExportParts, 'recordAct' | 'today'>,
) {
  return openRegisterExports({
    ...parts,
    patient: own as unknown as Kysely<DisposalDatabase>,
    proxy: {
      accessList: () => Promise.resolve([]),
      disposalActs: () => Promise.resolve([]),
      purgedCopies: () => Readable.from([]),
    },
    clock: Date.now,
  });
}
