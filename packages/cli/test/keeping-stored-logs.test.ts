import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchiveWorld } from '../../log-archive/test/archive-world.ts';
import type { ArchiveWorld } from '../../log-archive/test/archive-world.ts';
import { COMMANDS } from '../src/commands.ts';
import { runProgram } from '../src/run-program.ts';

const place = mkdtempSync(join(tmpdir(), 'stored-logs-'));
let world: ArchiveWorld;
beforeAll(async () => {
  world = await openArchiveWorld();
  await world.writeLog(66_000);
  writeFileSync(join(place, 'url'), `${world.database.dsnOf('access_archiver')}\n`, {
    mode: 0o600,
  });
  writeFileSync(join(place, 'policy'), world.trustPolicy);
  writeFileSync(join(place, 'key'), randomBytes(32), { mode: 0o600 });
});
afterAll(async () => {
  await world.close();
  rmSync(place, { recursive: true });
});

async function mynumber(command: string, ...more: string[]) {
  const printed = { out: '', err: '' };
  const stored = ['--url-file', 'url', '--policy', 'policy'];
  const exitCode = await runProgram([...command.split(' '), ...stored, ...more], COMMANDS, {
    workingDirectory: place,
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    errIsTerminal: false,
    now: Date.now,
  });
  return { exitCode, ...printed };
}
const archived = ['--archive', 'archive', '--archive-key', 'key'];

describe('the stored logs on the command line', () => {
  it('are archived, and checked where they lie', async () => {
    const run = await mynumber('log archive', ...archived);
    const sound = await mynumber('log fsck', ...archived);

    expect(run).toEqual({
      exitCode: 0,
      out: '保管 / archived 1, 退避 / dropped 0, 鍵の廃棄 / keys destroyed 0\n',
      err: '',
    });
    expect(sound).toMatchObject({ exitCode: 0, err: '' });
    expect(sound.out).toContain('期待 / expected 66000, 検証 / checked 66000');
    expect(sound.out).toMatch(/区分 \/ segments 1\/1\n[^✗]*異常なし \/ sound\n$/);
  });

  it('are called unsound, with the place, when a bit is turned', async () => {
    const admin = world.database.pool('postgres');
    const flip = `update access.log_batch set entries = set_byte(entries, 99, get_byte(entries, 99) # 1) where start = 3000`;
    await admin.query(flip);

    const { exitCode, out } = await mynumber('log fsck', ...archived);

    await admin.query(flip);
    expect(exitCode).toBe(1);
    expect(out).toContain('✗ root-differs @3000');
    expect(out).toMatch(/異常あり \/ NOT sound\n$/);
  });

  it.each<[string[], number, string]>([
    [['--archive', 'archive'], 2, '--archive and --archive-key together'],
    [['--archive', 's3://Bad', '--archive-key', 'key'], 2, 'An archive is a directory'],
    [[...archived, '--online-days', '0'], 2, '--online-days is a number from 1'],
    [[...archived, '--online-days', '4000'], 2, 'cannot stay in the database'],
  ])('are not touched when it was misunderstood: %j', async (more, exitCode, reason) => {
    const refused = await mynumber('log archive', ...more);

    expect(refused.exitCode).toBe(exitCode);
    expect(refused.err).toContain(more.includes('--archive-key') ? reason : '--archive-key');
  });

  it('are not archived under a key that others may read', async () => {
    chmodSync(join(place, 'key'), 0o644);

    const refused = await mynumber('log archive', ...archived);

    chmodSync(join(place, 'key'), 0o600);
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.err).toContain('open to others than its owner');
  });
});
