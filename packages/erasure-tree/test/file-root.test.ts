import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createSecretKey, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RootUnavailableError, UnopenableError, createFileRoot } from '../src/index.ts';
import type { RootProvider } from '../src/index.ts';
import { openUnderRoot } from '../src/root-seal.ts';

const context = Buffer.from('context');
let directory: string;
let memoryFile: string;
let keyFile: string;
let file: string;
let now = 1_000;
let root: RootProvider;

const reopened = () => createFileRoot({ file, keyFile, memoryFile, clock: () => now });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-root-'));
  keyFile = join(directory, 'key');
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(() => {
  file = join(directory, `roots-${randomBytes(4).toString('hex')}.json`);
  memoryFile = `${file}.memory`;
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
    const secret = randomBytes(32);
    const blob = await root.seal('r-1', secret, context);
    const sealedKey = Buffer.from(
      JSON.parse(await readFile(file, 'utf8')).roots[0].sealedKey,
      'base64',
    );
    const asKeys = Array.from({ length: sealedKey.length - 31 }, (_, at) =>
      createSecretKey(sealedKey.subarray(at, at + 32)),
    );
    for (const key of asKeys)
      expect(() => openUnderRoot(key, blob, context)).toThrow(UnopenableError);
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
    expect(await root.scheduleDestroy('r-1', now + 200)).toEqual({ effectiveAt: now + 100 });
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

describe('the assurance of a file', () => {
  it('is none: nothing says that what was overwritten is gone', async () => {
    expect(root.describe()).toMatchObject({ kind: 'file', assurance: 'none' });
    expect(await root.evidence('r-1')).toEqual([]);
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

  it('are refused with another key file, which is named, and nothing is added to them', async () => {
    await root.create('r-1');
    const before = await readFile(file, 'utf8');
    const other = join(directory, 'other-key');
    await writeFile(other, randomBytes(32), { mode: 0o600 });
    const wrong = createFileRoot({ file, keyFile: other, memoryFile });
    await expect(wrong.open('r-1', randomBytes(62), context)).rejects.toThrow(
      'the key file is not',
    );
    await expect(wrong.create('r-2')).rejects.toThrow('the key file is not');
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('are usable again once the right key file is back', async () => {
    const moved = join(directory, 'moved-key');
    const late = createFileRoot({ file, keyFile: moved, memoryFile });
    await root.create('r-1');
    await expect(late.status('r-1')).rejects.toThrow('the key file is missing');
    await writeFile(moved, randomBytes(32), { mode: 0o600 });
    await expect(late.status('r-1')).rejects.toThrow('the key file is not');
    await copyFile(keyFile, moved);
    expect(await late.status('r-1')).toBe('enabled');
  });

  it.each([
    ['a root version taken up again', { status: 'enabled' }],
    ['a destruction put off', { destroyAt: 9_999_999 }],
    ['a root version renamed', { ref: 'r-2' }],
  ])('are refused with %s by hand', async (_, change) => {
    await root.create('r-1');
    await root.scheduleDestroy('r-1', now + 100);
    const state = JSON.parse(await readFile(file, 'utf8'));
    Object.assign(state.roots[0], change);
    await writeFile(file, JSON.stringify(state));
    await expect(root.status('r-1')).rejects.toThrow('the root file was altered');
  });

  it.each(['', '{', '[]', '{"version":2}', 'null', '{"version":1,"salt":"","roots":[]}'])(
    'are refused when they hold %j',
    async (content) => {
      await root.create('r-1');
      await writeFile(file, content);
      await expect(reopened().status('r-1')).rejects.toThrow(RootUnavailableError);
    },
  );

  it('are refused when something else stands in their place', async () => {
    await root.create('r-1');
    await rm(file);
    await mkdir(file, { mode: 0o700 });
    await expect(root.status('r-1')).rejects.toThrow('cannot be read (EISDIR)');
  });

  it('are refused as an old copy when one is put back, by the next process too', async () => {
    await root.create('r-1');
    const old = await readFile(file);
    await root.scheduleDestroy('r-1', now);
    expect(await root.status('r-1')).toBe('destroyed');
    await writeFile(file, old);
    for (const one of [root, reopened()]) {
      await expect(one.status('r-1')).rejects.toThrow('an old copy of the root file was put back');
      await expect(one.create('r-2')).rejects.toThrow('an old copy of the root file was put back');
    }
  });

  it('are refused as gone when they are, rather than begun anew', async () => {
    await root.create('r-1');
    await rm(file);
    await expect(reopened().create('r-1')).rejects.toThrow('the root file is gone');
  });

  it('stay as they were when a write is cut off before its end', async () => {
    await root.create('r-1');
    await writeFile(`${file}.left-by-a-crash.new`, '{"version":1', { mode: 0o600 });
    await rm(memoryFile);
    expect(await reopened().status('r-1')).toBe('enabled');
    await reopened().create('r-2');
    expect(await reopened().list('r-')).toEqual(['r-1', 'r-2']);
  });
});
