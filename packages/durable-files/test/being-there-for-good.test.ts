import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { realpathSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFile, makeDirectoriesIn, replaceFile } from '../src/index.ts';
import { flushesOf } from './flushes.ts';

let all: string;
let place: string;
let file: string;
beforeAll(() => {
  all = realpathSync(mkdtempSync(join(tmpdir(), 'durable-')));
});
beforeEach(() => {
  place = mkdtempSync(join(all, 'place-'));
  file = join(place, 'file');
});
afterAll(() => rmSync(all, { recursive: true }));

const OWNER_ONLY = 0o600;
const isAside = (path: string) => path.startsWith(`${file}.`);

describe.each([
  ['created', createFile],
  ['replaced', replaceFile],
])('a file that is %s', (_how, write) => {
  it('has its content flushed before it has its name, and its name before the call resolves', async () => {
    const namedAtFlush: boolean[] = [];

    const flushed = await flushesOf(
      () => write(file, 'whole', OWNER_ONLY),
      () => void namedAtFlush.push(existsSync(file)),
    );

    expect(flushed.map((path) => (isAside(path) ? 'content' : path))).toEqual(['content', place]);
    expect(namedAtFlush).toEqual([false, true]);
    expect(readFileSync(file, 'utf8')).toBe('whole');
    expect(statSync(file).mode & 0o777).toBe(OWNER_ONLY);
    expect(readdirSync(place)).toEqual(['file']);
  });

  it.each([
    ['content', isAside],
    ['directory', (path: string) => path === place],
  ])('is not said to be there when its %s could not be flushed', async (_what, isIt) => {
    const writing = flushesOf(
      () => write(file, 'whole', OWNER_ONLY),
      (path) => {
        if (isIt(path)) throw new Error('the disk is gone');
      },
    );

    await expect(writing).rejects.toThrow('the disk is gone');
    expect(readdirSync(place).filter((name) => name !== 'file')).toEqual([]);
  });
});

describe('a file that is replaced', () => {
  it('is the old one until it is the new one', async () => {
    writeFileSync(file, 'old');

    await flushesOf(
      () => replaceFile(file, 'new', OWNER_ONLY),
      (path) => {
        if (isAside(path)) expect(readFileSync(file, 'utf8')).toBe('old');
      },
    );

    expect(readFileSync(file, 'utf8')).toBe('new');
  });
});

describe('a name that is taken', () => {
  it('stays with what lies there, which is flushed for whoever asked', async () => {
    writeFileSync(file, 'first');
    let isNew: boolean | undefined;

    const flushed = await flushesOf(async () => {
      isNew = await createFile(file, 'second', OWNER_ONLY);
    });

    expect(isNew).toBe(false);
    expect(flushed.slice(-2)).toEqual([file, place]);
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(place)).toEqual(['file']);
  });

  it('goes to one of many who ask at once, and resolves for none before it is flushed', async () => {
    let resolved = 0;
    let isFlushed = false;
    const contents = Array.from({ length: 8 }, (_, at) => `writer ${at}`);
    const answers: boolean[] = [];

    await flushesOf(
      async () => {
        const asked = contents.map(async (content) => {
          answers.push(await createFile(file, content, OWNER_ONLY));
          resolved += 1;
        });
        await Promise.all(asked);
      },
      (path) => {
        if (path !== place || isFlushed) return;
        expect(resolved).toBe(0);
        isFlushed = true;
      },
    );

    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(isFlushed).toBe(true);
  });
});

describe('directories that are made', () => {
  it('are flushed in what holds them, up to the first that existed', async () => {
    const base = join(place, 'a', 'b');
    const make = makeDirectoriesIn(base, 0o700);

    const flushed = await flushesOf(() => make(join(base, 'c', 'd')));

    const above = [place, join(place, 'a'), base, join(base, 'c')];
    expect(flushed.filter((path) => path !== all)).toEqual(above);
    expect(statSync(join(base, 'c', 'd')).mode & 0o777).toBe(0o700);
    expect(await flushesOf(() => make(join(base, 'c', 'd')))).toEqual([]);
    expect(await flushesOf(() => make(join(base, 'e')))).toEqual([base]);
  });

  it('are flushed once more when they exist: who made them may have stopped before', async () => {
    mkdirSync(join(place, 'a', 'b'), { recursive: true });

    const flushed = await flushesOf(() => makeDirectoriesIn(place, 0o700)(join(place, 'a', 'b')));

    expect(flushed.slice(-2)).toEqual([place, join(place, 'a')]);
  });

  it('resolve for nobody before they are flushed', async () => {
    const make = makeDirectoriesIn(place, 0o700);
    const wanted = join(place, 'a', 'b');
    let resolved = 0;

    await flushesOf(
      () =>
        Promise.all(
          Array.from({ length: 8 }, async () => {
            await make(wanted);
            resolved += 1;
          }),
        ),
      () => expect(resolved).toBe(0),
    );

    expect(resolved).toBe(8);
  });

  it('are tried again after a flush that failed', async () => {
    const make = makeDirectoriesIn(place, 0o700);
    const wanted = join(place, 'a', 'b');
    const failing = flushesOf(
      () => make(wanted),
      (path) => {
        if (path === join(place, 'a')) throw new Error('the disk is gone');
      },
    );
    await expect(failing).rejects.toThrow('the disk is gone');

    expect(await flushesOf(() => make(wanted))).toEqual([join(place, 'a')]);
  });

  it.each(['../beside', '/elsewhere', '.x/../../beside'])('are not made at %s', async (path) => {
    const make = makeDirectoriesIn(join(place, 'base'), 0o700);

    const elsewhere = path.startsWith('/') ? path : join(place, 'base', path);
    await expect(make(elsewhere)).rejects.toThrow(RangeError);

    expect(readdirSync(place)).toEqual([]);
  });
});
