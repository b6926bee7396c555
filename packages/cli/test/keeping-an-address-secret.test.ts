import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS } from '../src/commands.ts';
import { runProgram } from '../src/run-program.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'address-'));
  writeFileSync(join(place, 'url'), 'postgresql://127.0.0.1:1/nothing\n');
  writeFileSync(join(place, 'policy'), 'quorum none\n');
});
afterAll(() => rmSync(place, { recursive: true }));

async function failureOf(command: string): Promise<string> {
  let err = '';
  const exitCode = await runProgram(command.split(' '), COMMANDS, {
    workingDirectory: place,
    out: () => undefined,
    err: (text) => void (err += text),
    errIsTerminal: false,
    now: Date.now,
  });
  expect(exitCode).toBe(1);
  return err;
}

describe.each([
  'migrate --database vault --url-file url',
  'keytree restore an.export --url-file url',
  'restore control-log log --policy policy --url-file url',
  'log fsck --policy policy --url-file url',
  'log fsck --policy policy --control-url-file url',
])('mynumber %s', (command) => {
  it.each([0o640, 0o604, 0o620])('refuses an address in a file of mode %o', async (mode) => {
    chmodSync(join(place, 'url'), mode);
    expect(await failureOf(command)).toContain('chmod 600');
  });

  it('takes it from a file for its owner alone', async () => {
    chmodSync(join(place, 'url'), 0o600);
    expect(await failureOf(command)).not.toContain('chmod 600');
  });
});
