import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  consistencyProofSync,
  inclusionProofSync,
  openCheckpoint,
  openTileLog,
  pathOf,
  tileDirectory,
  tilePath,
  tilesOf,
  verifyTileLog,
  writeTiles,
} from '../src/index.ts';
import type { FetchFile } from '../src/index.ts';
import { failureOfLater } from './failure-of.ts';
import { grownLog } from './grown-log.ts';
import { signedLog } from './signed-logs.ts';

const LOG = signedLog('vault.example/access/6c1f');
const open = (note: string) => openCheckpoint(note, LOG.vkey);
// Two levels of full tiles are 65,536 entries: one partial tile on each of three levels, and more.
const LARGE = 66_000;

type Files = Map<string, Uint8Array>;

async function filesOf(size: number, seed?: string): Promise<Files> {
  const files: Files = new Map();
  const put = async (path: string, bytes: Uint8Array) => void files.set(path, bytes);
  const checkpoint = LOG.checkpointAt(size);
  await writeTiles({ entries: grownLog(size, seed).entries, put, ...(seed ? {} : { checkpoint }) });
  return files;
}

function fetchFrom(files: Files): FetchFile {
  return async (path) => files.get(path);
}

async function allOf(entries: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

describe('writing a log as tiles', () => {
  it('writes exactly the tiles of its size, and the checkpoint last', async () => {
    for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 600]) {
      const files = await filesOf(size);
      const expected = [...tilesOf(size)].map(pathOf);
      expect([...files.keys()].sort()).toEqual([...expected, 'checkpoint'].sort());
      expect([...files.keys()].at(-1)).toBe('checkpoint');
    }
  });

  it('answers the size and root of what it wrote', async () => {
    const { entries, root } = grownLog(300);
    const tree = await writeTiles({ entries, put: async () => {} });
    expect(tree).toEqual({ size: 300, root });
  });

  it('writes no checkpoint that is not of these entries', async () => {
    const paths: string[] = [];
    const put = async (path: string) => void paths.push(path);
    for (const checkpoint of [LOG.checkpointAt(6), LOG.checkpointAt(8)]) {
      const write = () => writeTiles({ entries: grownLog(7).entries, put, checkpoint });
      expect(await failureOfLater(write)).toBe('tile-contradicts');
    }
    expect(paths).not.toContain('checkpoint');
  });
});

describe('reading a log from tiles', () => {
  const { entries, nodeAt } = grownLog(LARGE);
  let files: Files;
  beforeAll(async () => {
    files = await filesOf(LARGE);
  });

  it('gives every entry of a large log', async () => {
    expect(await verifyTileLog(fetchFrom(files), open)).toMatchObject({ entries: LARGE });
  });

  it('gives any run of entries', async () => {
    const log = await openTileLog(fetchFrom(files), open);
    for (const [first, end] of [
      [0, 3],
      [250, 260],
      [65_530, 65_999],
      [LARGE - 1, LARGE],
      [7, 7],
    ] as const) {
      expect(await allOf(log.entries(first, end))).toEqual(entries.slice(first, end));
    }
    await expect(log.entries(0, LARGE + 1).next()).rejects.toThrow(RangeError);
    await expect(log.entries(-1, 3).next()).rejects.toThrow(RangeError);
  });

  it('gives the proofs of the tree', async () => {
    const log = await openTileLog(fetchFrom(files), open);
    for (const index of [0, 255, 256, 30_000, 65_535, 65_536, LARGE - 1]) {
      expect(await log.inclusionProof(index)).toEqual(inclusionProofSync(index, LARGE, nodeAt));
    }
    for (const size of [1, 256, 40_000, 65_536, 65_537, LARGE]) {
      expect(await log.consistencyProof(size)).toEqual(consistencyProofSync(size, LARGE, nodeAt));
    }
  });

  it('fetches few tiles for a proof', async () => {
    let fetched = 0;
    const counting: FetchFile = async (path) => {
      fetched += 1;
      return files.get(path);
    };
    await (await openTileLog(counting, open)).inclusionProof(30_000);
    expect(fetched).toBeLessThanOrEqual(1 + 3 + 2);
  });

  it('tells whether it extends an earlier head', async () => {
    const log = await openTileLog(fetchFrom(files), open);
    const { root } = grownLog(300);
    expect(await log.extends({ size: 300, root })).toBe(true);
    expect(await log.extends({ size: 300, root: grownLog(300, 'other ').root })).toBe(false);
    expect(await log.extends({ size: 0, root: grownLog(0).root })).toBe(false);
    expect(await log.extends({ size: LARGE + 1, root })).toBe(false);
  });

  it('takes the full tile where a partial one has been deleted', async () => {
    const grown = await filesOf(512);
    const earlier = await filesOf(300);
    for (const path of ['checkpoint', 'tile/1/000.p/1']) grown.set(path, earlier.get(path)!);
    expect([grown.has('tile/0/001.p/44'), grown.has('tile/entries/001.p/44')]).toEqual([
      false,
      false,
    ]);
    expect(await verifyTileLog(fetchFrom(grown), open)).toMatchObject({ entries: 300 });
  });

  it('takes nothing to verify for a failure', async () => {
    const none = await filesOf(0);
    expect((await openTileLog(fetchFrom(none), open)).checkpoint.size).toBe(0);
    expect(await failureOfLater(() => verifyTileLog(fetchFrom(none), open))).toBe(
      'nothing-to-verify',
    );
  });
});

describe('a log whose files were changed', () => {
  const SIZE = 600;
  let files: Files;
  beforeAll(async () => {
    files = await filesOf(SIZE);
  });

  it('is refused whichever octet of whichever file it is', async () => {
    for (const [path, bytes] of files) {
      for (const at of [0, 1, 2, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const failure = await failureOfLater(() =>
          verifyTileLog(fetchFrom(new Map(files).set(path, changed)), open),
        );
        expect([path, at, failure]).not.toEqual([path, at, 'none']);
      }
    }
  });

  it('is refused without any one of its files', async () => {
    for (const path of files.keys()) {
      const fewer = new Map(files);
      fewer.delete(path);
      expect(await failureOfLater(() => verifyTileLog(fetchFrom(fewer), open))).toBe(
        'tile-missing',
      );
    }
  });

  it('is refused when a tile is cut or longer', async () => {
    for (const [path, bytes] of files) {
      if (path === 'checkpoint') continue;
      for (const changed of [
        bytes.subarray(0, -1),
        bytes.subarray(0, -32),
        Buffer.concat([bytes, bytes]),
      ]) {
        const changedFiles = new Map(files).set(path, changed);
        expect(await failureOfLater(() => verifyTileLog(fetchFrom(changedFiles), open))).toBe(
          'malformed-tile',
        );
      }
    }
  });

  it('is refused when an entry and its hash are replaced together', async () => {
    const other = await filesOf(SIZE, 'other ');
    for (const index of [0, 1]) {
      const forged = new Map(files);
      for (const path of [tilePath(0, index), pathOf({ kind: 'entries', index, width: 256 })]) {
        forged.set(path, other.get(path)!);
      }
      expect(await failureOfLater(() => verifyTileLog(fetchFrom(forged), open))).toBe(
        'tile-contradicts',
      );
    }
  });

  it('is refused when entries are taken from its end', async () => {
    const cut = await filesOf(SIZE - 1);
    cut.set('checkpoint', files.get('checkpoint')!);
    expect(await failureOfLater(() => verifyTileLog(fetchFrom(cut), open))).toBe('tile-missing');
  });

  it('is refused under a checkpoint that the pinned key did not sign', async () => {
    const other = signedLog(LOG.origin);
    const forged = new Map(files).set('checkpoint', Buffer.from(other.checkpointAt(SIZE)));
    expect(await failureOfLater(() => openTileLog(fetchFrom(forged), open))).toBe('unsigned');
  });
});

describe('a log in a directory', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tile-log-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is plain files that read back verified', async () => {
    const { fetch, put } = tileDirectory(directory);
    await writeTiles({ entries: grownLog(300).entries, put, checkpoint: LOG.checkpointAt(300) });
    expect(await verifyTileLog(fetch, open)).toMatchObject({ entries: 300 });
    expect(await readFile(join(directory, 'checkpoint'), 'utf8')).toBe(LOG.checkpointAt(300));
    const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter(
      (one) => one.isFile(),
    );
    expect(names).toHaveLength([...tilesOf(300)].length + 1);
  });

  it('answers nothing for a file that is not there, and takes no other path', async () => {
    const { fetch, put } = tileDirectory(directory);
    expect(await fetch('tile/7/000')).toBeUndefined();
    for (const path of ['../checkpoint', '/etc/hostname', 'tile/0/../../x', 'checkpoint/..', '']) {
      expect(() => fetch(path)).toThrow(RangeError);
      await expect(put(path, Buffer.of(1))).rejects.toThrow(RangeError);
    }
  });
});
