import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  cosigner,
  formatCheckpoint,
  newWitnessKey,
  noteSigner,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  signNote,
} from '@mnv/transparency-log';
import type { Checkpoint } from '@mnv/transparency-log';
import { verifyLog } from '../src/verify-log.ts';
import type { LogVerification } from '../src/verify-log.ts';
import { encoded, fetching, logSigner, recordedRequests, writtenLog } from './written-log.ts';
import type { WrittenLog } from './written-log.ts';

const signer = logSigner();
const witnesses = ['one.example', 'two.example'].map((name) => ({ name, ...newWitnessKey(name) }));
/** Both witnesses must have seen what is verified. */
const policy = parsePolicy(
  [
    signer.trustPolicy.split('\n')[0],
    ...witnesses.map(({ name, vkey }) => `witness ${name} ${vkey}`),
    `group both all ${witnesses.map(({ name }) => name).join(' ')}`,
    'quorum both',
    '',
  ].join('\n'),
  { origins: 'key-name-or-below' },
);
const SEEN_AT = 1_790_000_000;

const cosignatureOf = (checkpoint: string, at: number) => {
  const { name, privateKey } = witnesses[at]!;
  return cosigner(name, privateKey).cosign(checkpoint, SEEN_AT + at);
};
const cosigned = (checkpoint: string) =>
  checkpoint + cosignatureOf(checkpoint, 0) + cosignatureOf(checkpoint, 1);
const bytesOf = (text: string) => new TextEncoder().encode(text);

type Files = Map<string, Uint8Array>;

async function cosignedLog(
  entries = recordedRequests(SIZE),
  origin?: string,
): Promise<WrittenLog & { note: string }> {
  const written = await writtenLog(encoded(entries), signer, origin);
  const note = cosigned(written.checkpoint);
  written.files.set('checkpoint', bytesOf(note));
  return { ...written, note };
}

const verified = (files: Files, known?: Checkpoint): Promise<LogVerification> =>
  verifyLog({ fetch: fetching(files), policy, ...(known && { known }) });
/** Whether the verifier finds something wrong, by a finding or by refusing the checkpoint. */
const isFound = (files: Files): Promise<boolean> =>
  verified(files).then(
    ({ ok }) => !ok,
    () => true,
  );
const codesOf = ({ findings }: LogVerification) => [...new Set(findings.map(({ code }) => code))];
const spoilt = (files: Files, path: string, bytes: Uint8Array): Files =>
  new Map(files).set(path, bytes);

function* everyOctetChanged(bytes: Uint8Array): Generator<Uint8Array> {
  for (const [at, octet] of bytes.entries())
    for (const mask of [0x01, 0x20, 0x80]) yield bytes.with(at, octet ^ mask);
}

const SIZE = 600;
const entries = recordedRequests(SIZE);
let log: WrittenLog & { note: string };
beforeAll(async () => {
  log = await cosignedLog(entries);
});

describe('the files of a cosigned log', () => {
  it('are verified as they are', async () => {
    expect(await verified(log.files)).toMatchObject({
      ok: true,
      witnesses: ['one.example', 'two.example'],
    });
  });

  it('are refused when any octet of any of them is another', async () => {
    const small = await cosignedLog(entries.slice(0, 4));
    expect(await isFound(small.files)).toBe(false);
    const missed: string[] = [];
    let tried = 0;
    for (const [path, bytes] of small.files) {
      for (const changed of everyOctetChanged(bytes)) {
        tried += 1;
        if (!(await isFound(spoilt(small.files, path, changed)))) missed.push(`${path} ${tried}`);
      }
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(7_000);
  });

  it('are refused when any of them is cut anywhere, or goes on', async () => {
    for (const [path, bytes] of log.files) {
      const lengths = [0, 1, 2, bytes.length / 2, bytes.length - 32, bytes.length - 1];
      const cut = lengths.map((length) => bytes.slice(0, Math.floor(length)));
      const longer = [bytes.slice(0, 1), bytes.slice(-32), bytes].map((more) =>
        Buffer.concat([bytes, more]),
      );
      for (const changed of [...cut, ...longer])
        expect([path, await isFound(spoilt(log.files, path, changed))]).toEqual([path, true]);
    }
  });

  it('are refused when two of a kind are exchanged, or taken from another log', async () => {
    const other = await cosignedLog(recordedRequests(SIZE));
    const [first, second] = ['tile/entries/000', 'tile/entries/001'];
    const [low, next] = ['tile/0/000', 'tile/0/001'];
    const exchanged = (a: string, b: string) =>
      new Map(log.files).set(a, log.files.get(b)!).set(b, log.files.get(a)!);

    expect(codesOf(await verified(exchanged(first, second)))).toContain('root-differs');
    expect(codesOf(await verified(exchanged(low, next)))).toEqual(['tile-differs']);
    for (const [path, bytes] of other.files)
      expect(await isFound(spoilt(log.files, path, bytes))).toBe(true);
  });
});

describe('the signatures under a checkpoint', () => {
  const checkpointWith = (note: string) => spoilt(log.files, 'checkpoint', bytesOf(note));
  const lines = () => log.note.slice(log.note.indexOf('\u2014')).trimEnd().split('\n');
  const text = () => log.note.slice(0, log.note.indexOf('\u2014'));
  const noteOf = (some: string[]) => `${text()}${some.map((line) => `${line}\n`).join('')}`;

  it('hold in any order, and beside those of strangers', async () => {
    const stranger = { name: 'three.example', ...newWitnessKey('three.example') };
    const line = cosigner(stranger.name, stranger.privateKey).cosign(log.checkpoint, SEEN_AT);
    for (const note of [noteOf(lines().toReversed()), log.note + line])
      expect(await isFound(checkpointWith(note))).toBe(false);
  });

  it('are too few when any of them is taken away, or stands there twice for another', async () => {
    const [own, one, two] = lines() as [string, string, string];
    for (const some of [[], [own], [own, one], [own, two], [one, two], [own, one, one]])
      expect(await isFound(checkpointWith(noteOf(some)))).toBe(true);
  });

  it('are refused when they are of another checkpoint, or under another name', async () => {
    const shorter = await cosignedLog(entries.slice(0, 590));
    const [own, one, two] = lines() as [string, string, string];
    const [, oldOne] = shorter.note.slice(shorter.note.indexOf('\u2014')).trimEnd().split('\n') as [
      string,
      string,
    ];
    const renamed = two.replace('two.example', 'one.example');
    for (const some of [
      [own, oldOne, two],
      [own, one, renamed],
      [own, one, one.replace('one.example', 'two.example')],
    ])
      expect(await isFound(checkpointWith(noteOf(some)))).toBe(true);
  });

  it('are those of the log alone when its key signs another tree: nobody cosigned that', async () => {
    const rewritten = await writtenLog(encoded(entries.with(9, entries[8]!)), signer);
    const [, one, two] = lines() as [string, string, string];
    const carried = bytesOf(`${rewritten.checkpoint}${one}\n${two}\n`);

    await expect(verified(rewritten.files)).rejects.toThrow('too few witnesses');
    await expect(verified(spoilt(rewritten.files, 'checkpoint', carried))).rejects.toThrow(
      'does not hold',
    );
  });

  it.each<[string, (head: Checkpoint) => Partial<Checkpoint>]>([
    ['a smaller size', ({ size }) => ({ size: size - 1 })],
    ['a greater size', ({ size }) => ({ size: size + 1 })],
    ['another root', ({ root }) => ({ root: root.with(0, root[0]! ^ 1) })],
    ['another of our logs', () => ({ origin: `${signer.deployment}/two` })],
  ])('show %s, though log and witnesses signed it', async (_what, change) => {
    const head = { ...parseCheckpoint(parseNote(log.note).text) };
    const other = { ...head, ...change(head) };
    const note = signNote(formatCheckpoint(other), [noteSigner(other.origin, signer.privateKey)]);
    const kept = parseCheckpoint(parseNote(log.note).text);

    const result = verified(checkpointWith(cosigned(note)), kept);

    // Whoever keeps a checkpoint knows which log it is of.
    if (other.origin !== head.origin) await expect(result).rejects.toThrow('of another log');
    else expect((await result).ok).toBe(false);
  });
});

describe('a log that was forked', () => {
  const kept = () => parseCheckpoint(parseNote(log.note).text);
  const fork = (from: number, size: number) =>
    cosignedLog([...entries.slice(0, from), ...recordedRequests(1_200).slice(from, size)]);

  it.each([1, 255, 256, 257, 512, 599])(
    'is found by a checkpoint kept from the other branch, from entry %i on, though it grew past it',
    async (from) => {
      const forked = await fork(from, 900);

      const result = await verified(forked.files, kept());

      expect(codesOf(result)).toContain('known-checkpoint-contradicted');
    },
  );

  it('is not one where it only grew', async () => {
    const grown = await fork(SIZE, 900);

    expect(codesOf(await verified(grown.files, kept()))).not.toContain(
      'known-checkpoint-contradicted',
    );
  });
});
