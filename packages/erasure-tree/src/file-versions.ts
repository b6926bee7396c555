import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { FileRootOptions } from './file-root.ts';
import { newestChange, requireNewest } from './newest-change.ts';
import { readRootFile, writeRootFile } from './root-file.ts';
import type { RootEntry, RootFile } from './root-file.ts';
import { RootUnavailableError } from './root-provider.ts';
import { openUnderRoot, sealUnderRoot } from './root-seal.ts';
import { wrappingKey } from './root-wrapping-key.ts';

type Created = { ref: string; birthEvidence: [] };

/** The root versions of one file, behind a queue of its changes. */
export type FileVersions = {
  /** Destroys what is due, applies the change, and makes the result durable before it returns. */
  change<T>(apply: (state: RootFile) => T | Promise<T>): Promise<T>;
  look(): Promise<RootFile>;
  keyOf(ref: string): Promise<KeyObject>;
  create(ref: string): Promise<Created>;
};

export function fileVersions(options: Required<FileRootOptions>): FileVersions {
  const { file, keyFile, clock } = options;
  const wrapping = wrappingKey(keyFile);
  const newest = newestChange(options.memoryFile);
  let writes: Promise<unknown> = Promise.resolve();

  function change<T>(apply: (state: RootFile) => T | Promise<T>): Promise<T> {
    const run = writes.then(async () => {
      const state = await read();
      const result = await apply(state);
      destroyDue(state, clock());
      state.changes += 1;
      await writeRootFile(file, state, wrapping);
      await newest.remember(state.changes);
      return result;
    });
    writes = run.catch(() => undefined);
    return run;
  }

  async function read(): Promise<RootFile> {
    const seen = await newest.seen();
    const state = await readRootFile(file, wrapping);
    requireNewest(state.changes, seen);
    return state;
  }

  async function look(): Promise<RootFile> {
    const state = await read();
    return state.roots.some((root) => isDue(root, clock())) ? change((fresh) => fresh) : state;
  }

  async function keyOf(ref: string): Promise<KeyObject> {
    const state = await look();
    const { status, sealedKey } = requireRoot(state, ref);
    if (status !== 'enabled' || sealedKey === undefined) throw new RootUnavailableError(status);
    const raw = openUnderRoot(
      await wrapping.of(state),
      Buffer.from(sealedKey, 'base64'),
      label(ref),
    );
    const key = createSecretKey(raw);
    raw.fill(0);
    return key;
  }

  async function create(ref: string): Promise<Created> {
    return change(async (state) => {
      if (findRoot(state, ref)) throw new RootUnavailableError('label taken');
      const raw = randomBytes(32);
      const sealedKey = sealUnderRoot(await wrapping.of(state), raw, label(ref)).toString('base64');
      raw.fill(0);
      state.roots.push({ ref, status: 'enabled', createdAt: clock(), sealedKey });
      return { ref, birthEvidence: [] };
    });
  }

  return { change, look, keyOf, create };
}

export function findRoot({ roots }: RootFile, ref: string): RootEntry | undefined {
  return roots.find((root) => root.ref === ref);
}

export function requireRoot(state: RootFile, ref: string): RootEntry {
  const root = findRoot(state, ref);
  if (root === undefined) throw new RootUnavailableError('unknown');
  return root;
}

function label(ref: string): Buffer {
  return Buffer.from(`mnv/root-file/v1\0${ref}`, 'utf8');
}

function isDue({ status, destroyAt }: RootEntry, now: number): boolean {
  return status === 'pending' && destroyAt !== undefined && destroyAt <= now;
}

/** A destroyed version keeps its name, so that it is known to have existed; its key leaves the file. */
function destroyDue(state: RootFile, now: number): void {
  for (const root of state.roots.filter((entry) => isDue(entry, now))) {
    delete root.sealedKey;
    root.status = 'destroyed';
  }
}
