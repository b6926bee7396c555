import { randomUUID } from 'node:crypto';
import type { Rotation } from '@mnv/client';
import { asAdministrator } from '../as-administrator.ts';
import type { Command } from '../command.ts';
import { PERSON_OPTIONS } from '../connection-options.ts';

const WAIT_MS = 2_000;

/** Fresh keys everywhere. Waits until the control log says that nothing is left under the old root version. */
export const ROOT_ROTATE: Command = {
  name: 'root rotate',
  summary: 'Give the root and every node of the key tree a fresh key, and wait until it is done.',
  details:
    'It erases nothing, and readers go on. The old root version is destroyed later: see docs/runbooks/rotation.md.',
  options: { ...PERSON_OPTIONS, json: { type: 'boolean', help: 'Print JSON.' } },
  run: async ({ values }, surroundings) => {
    const json = values['json'] === true;
    const done = await asAdministrator(values, surroundings, async ({ administration }) => {
      let now = await administration.rotateKeys(randomUUID());
      if (!json) surroundings.out(`受け付けました / ordered: ${now.rotationId}\n`);
      while (now.state !== 'done') {
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
        now = await administration.rotation(now.rotationId);
      }
      return now;
    });
    surroundings.out(json ? `${JSON.stringify(done)}\n` : inWords(done));
    return 0;
  },
};

function inWords({ epoch, rotatedIndex }: Rotation): string {
  return [
    `鍵の更新が済みました / rotated: epoch ${epoch}`,
    `旧ルートの下に残るものはありません / nothing is left under the old root: control log ${rotatedIndex}`,
    '',
  ].join('\n');
}
