import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RootUnavailableError, UnopenableError, createFileRoot } from '../src/index.ts';
import type { RootProvider } from '../src/index.ts';

const context = Buffer.from('context');
let directory: string;
let keyFile: string;
let file: string;
let now = 1_000;
let root: RootProvider;

const reopened = () => createFileRoot({ file, keyFile, clock: () => now });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-root-'));
  keyFile = join(directory, 'key');
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(() => {
  file = join(directory, `roots-${randomBytes(4).toString('hex')}.json`);
  root = reopened();
});

describe('a root version in a file', () => {
  it('seals and opens, also after a restart', async () => {
    const { ref } = await root.create('r-1');
    const secret = randomBytes(32);
    const blob = await root.seal(ref, secret, context);
    expect(await reopened().open(ref, blob, context)).toEqual(secret);
  });

  it('does not open another context, another root or a changed blob', async () => {
    await root.create('r-1');
    await root.create('r-2');
    const blob = await root.seal('r-1', randomBytes(32), context);
    const changed = Buffer.from(blob);
    changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
    await expect(root.open('r-1', blob, Buffer.from('other'))).rejects.toThrow(UnopenableError);
    await expect(root.open('r-2', blob, context)).rejects.toThrow(UnopenableError);
    await expect(root.open('r-1', changed, context)).rejects.toThrow(UnopenableError);
  });

  it('is readable by its owner alone and holds no key in clear', async () => {
    await root.create('r-1');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    const secret = randomBytes(32);
    const blob = await root.seal('r-1', secret, context);
    await expect(reopened().open('r-1', blob, context)).rejects.toThrow(UnopenableError);
    expect(await readdir(directory)).not.toContainEqual(expect.stringMatching(/\.new$/));
  });

  it('keeps every version when several are made at once', async () => {
    await Promise.all(['a-1', 'a-2', 'b-1'].map((label) => root.create(label)));
    expect((await reopened().list('a-')).toSorted()).toEqual(['a-1', 'a-2']);
  });

  it('refuses a label twice, and never a second key for it', async () => {
    await root.create('r-1');
    await expect(root.create('r-1')).rejects.toThrow(RootUnavailableError);
  });

  it('neither seals nor opens once disabled', async () => {
    await root.create('r-1');
    const blob = await root.seal('r-1', randomBytes(32), context);
    await root.disable('r-1');
    expect(await reopened().status('r-1')).toBe('disabled');
    await expect(root.open('r-1', blob, context)).rejects.toThrow(RootUnavailableError);
    await expect(root.seal('r-1', randomBytes(32), context)).rejects.toThrow(RootUnavailableError);
  });

  it('is pending until its time, then destroyed for good: the name stays, the key is gone', async () => {
    await root.create('r-1');
    const sealedKey = JSON.parse(await readFile(file, 'utf8')).roots[0].sealedKey as string;
    await root.scheduleDestroy('r-1', now + 100);
    expect(await root.status('r-1')).toBe('pending');
    now += 100;
    expect(await reopened().status('r-1')).toBe('destroyed');
    expect(await readFile(file, 'utf8')).not.toContain(sealedKey);
    expect(await root.list('r-')).toEqual(['r-1']);
    await expect(root.create('r-1')).rejects.toThrow(RootUnavailableError);
    await root.scheduleDestroy('r-1', now + 100);
    expect(await root.status('r-1')).toBe('destroyed');
  });

  it('says unknown for a version it never had', async () => {
    expect(await root.status('r-9')).toBe('unknown');
    await expect(root.open('r-9', randomBytes(62), context)).rejects.toThrow(RootUnavailableError);
  });
});

describe('the files of a root', () => {
  it('are refused when others may read them', async () => {
    await root.create('r-1');
    await chmod(file, 0o640);
    await expect(root.status('r-1')).rejects.toThrow(RootUnavailableError);
  });

  it('are refused when the key file is missing or too short', async () => {
    const short = join(directory, 'short');
    await writeFile(short, randomBytes(31), { mode: 0o600 });
    for (const key of [short, join(directory, 'absent')]) {
      const broken = createFileRoot({ file, keyFile: key });
      await expect(broken.create('r-1')).rejects.toThrow(RootUnavailableError);
    }
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
