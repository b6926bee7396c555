import { createHash } from 'node:crypto';
import { verifyLog } from '@mnv/cli';
import {
  TILE_WIDTH,
  decodeEntryBundle,
  entryBundlePath,
  formatCheckpoint,
  newLogKey,
  noteSigner,
  parsePolicy,
  signNote,
  tileDirectory,
  writeTiles,
} from '@mnv/transparency-log';
import { timed } from '../load/timed.ts';
import { serveJobs } from '../worker.ts';
import type { VerifyAnswer, VerifyJob } from './verify-job.ts';
import { writtenEntries } from './written-entries.ts';

// The process that verifies. Its argument is a directory, which is empty at first.
const [, , directory = ''] = process.argv;
const ORIGIN = 'local/access';

const { privateKey, vkey } = newLogKey(ORIGIN);
const policy = parsePolicy(`log ${vkey}\nquorum none\n`);
const { fetch, put } = tileDirectory(directory);
let size = 0;

serveJobs(async (job: VerifyJob): Promise<VerifyAnswer> => {
  if (job.kind === 'write') size = job.size;
  return timed(size, () => readers[job.kind]());
});

const readers: Record<VerifyJob['kind'], () => Promise<void>> = {
  write: async () => {
    const { root } = await writeTiles({ entries: writtenEntries(size), put });
    const note = signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [
      noteSigner(ORIGIN, privateKey),
    ]);
    await put('checkpoint', new TextEncoder().encode(note));
  },
  verify: async () => {
    const { ok, checked } = await verifyLog({ fetch, policy });
    if (!ok || checked !== size) throw new Error('the log was not verified');
  },
  parse: () => eachEntry((entry) => void JSON.parse(Buffer.from(entry).toString('latin1'))),
  'hash-chain': async () => {
    let hash = Buffer.alloc(32);
    await eachEntry((entry) => {
      hash = createHash('sha256').update(hash).update(entry).digest();
    });
  },
};

async function eachEntry(use: (entry: Uint8Array) => void): Promise<void> {
  for (let start = 0; start < size; start += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - start);
    const bundle = await fetch(entryBundlePath(start / TILE_WIDTH, width));
    if (!bundle) throw new Error('a bundle is not there');
    for (const entry of decodeEntryBundle(bundle, width)) use(entry);
  }
}
