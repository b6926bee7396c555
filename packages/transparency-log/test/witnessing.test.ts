import { describe, expect, it } from '@jest/globals';
import {
  EMPTY_ROOT,
  addCosignatures,
  consistencyProofSync,
  formatAddCheckpoint,
  formatTreeSize,
  judgeAddCheckpoint,
  openNote,
  parseAddCheckpoint,
  parseTreeSize,
} from '../src/index.ts';
import type { WitnessedLog } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { grownLog } from './grown-log.ts';
import { newWitness, signedLog } from './signed-logs.ts';

const LOG = signedLog('vault.example/access/6c1f');

function requestOf(oldSize: number, size: number): string {
  const { nodeAt } = grownLog(size);
  const proof = oldSize === 0 || oldSize > size ? [] : consistencyProofSync(oldSize, size, nodeAt);
  return formatAddCheckpoint({ oldSize, proof, checkpoint: LOG.checkpointAt(size) });
}

function judge(body: string, head?: WitnessedLog['head']) {
  return judgeAddCheckpoint(body, async (origin) =>
    origin === LOG.origin ? { keys: [LOG.vkey], ...(head && { head }) } : undefined,
  );
}

function headAt(size: number, seed?: string) {
  return { size, root: grownLog(size, seed).root };
}

describe('a witness asked to cosign', () => {
  it('cosigns the first checkpoint it sees, and any that extends the last', async () => {
    expect(await judge(requestOf(0, 9))).toMatchObject({ verdict: 'cosign', head: { size: 9 } });
    for (let size = 1; size <= 20; size += 1) {
      expect(await judge(requestOf(size, 20), headAt(size))).toMatchObject({
        verdict: 'cosign',
        head: { origin: LOG.origin, size: 20 },
      });
    }
  });

  it('answers what the log can add to its checkpoint', async () => {
    const witness = newWitness('witness.example');
    const judgement = await judge(requestOf(5, 9), headAt(5));
    const checkpoint = judgement.verdict === 'cosign' ? judgement.checkpoint : '';
    const note = addCosignatures(LOG.checkpointAt(9), witness.cosign(checkpoint, 7), [
      witness.vkey,
    ]);
    expect(openNote(note, [LOG.vkey, witness.vkey]).verified).toHaveLength(2);
  });

  it('names the size it knows when the request starts from another', async () => {
    const conflict = { verdict: 'conflict', status: 409, knownSize: 5 };
    expect(await judge(requestOf(4, 9), headAt(5))).toEqual(conflict);
    expect(await judge(requestOf(0, 9), headAt(5))).toEqual(conflict);
    expect(await judge(requestOf(4, 9))).toEqual({ ...conflict, knownSize: 0 });
    expect(parseTreeSize(formatTreeSize(5))).toBe(5);
  });

  it('refuses a rollback', async () => {
    expect(await judge(requestOf(9, 5), headAt(9))).toEqual({ verdict: 'refuse', status: 400 });
  });

  it('refuses a fork: another root for the same size, or a proof that does not hold', async () => {
    expect(await judge(requestOf(9, 9), headAt(9, 'other '))).toMatchObject({ status: 409 });
    expect(await judge(requestOf(5, 9), headAt(5, 'other '))).toEqual({
      verdict: 'refuse',
      status: 422,
    });
  });

  it('refuses a proof where none belongs, and none where one does', async () => {
    const proof = [EMPTY_ROOT];
    const checkpoint = LOG.checkpointAt(9);
    const refusal = { verdict: 'refuse', status: 422 };
    expect(await judge(formatAddCheckpoint({ oldSize: 0, proof, checkpoint }))).toEqual(refusal);
    expect(await judge(formatAddCheckpoint({ oldSize: 9, proof, checkpoint }), headAt(9))).toEqual(
      refusal,
    );
    expect(
      await judge(formatAddCheckpoint({ oldSize: 5, proof: [], checkpoint }), headAt(5)),
    ).toEqual(refusal);
  });

  it('refuses a log it does not know, and a checkpoint the log did not sign', async () => {
    const other = signedLog('vault.example/other');
    const unknown = formatAddCheckpoint({
      oldSize: 0,
      proof: [],
      checkpoint: other.checkpointAt(9),
    });
    expect(await judge(unknown)).toEqual({ verdict: 'refuse', status: 404 });
    const impostor = signedLog(LOG.origin);
    const forged = formatAddCheckpoint({
      oldSize: 0,
      proof: [],
      checkpoint: impostor.checkpointAt(9),
    });
    expect(await judge(forged)).toEqual({ verdict: 'refuse', status: 403 });
  });

  it('refuses what is no request', async () => {
    for (const body of [
      '',
      'old 0\n',
      requestOf(0, 9).replace('old', 'new'),
      requestOf(0, 9).slice(0, -1),
    ]) {
      expect(await judge(body)).toEqual({ verdict: 'refuse', status: 400 });
    }
  });

  it('does not hide the failure of its own memory', async () => {
    const failing = judgeAddCheckpoint(requestOf(0, 9), () => Promise.reject(new Error('disk')));
    await expect(failing).rejects.toThrow('disk');
  });
});

describe('the body of an add-checkpoint request', () => {
  it('reads back what it wrote', () => {
    const { nodeAt } = grownLog(20);
    const request = {
      oldSize: 7,
      proof: consistencyProofSync(7, 20, nodeAt).map((hash) => Uint8Array.from(hash)),
      checkpoint: LOG.checkpointAt(20),
    };
    expect(parseAddCheckpoint(formatAddCheckpoint(request))).toEqual(request);
    expect(
      formatAddCheckpoint({ ...request, proof: [] }).startsWith('old 7\n\nvault.example/'),
    ).toBe(true);
  });

  it.each([
    ['a size with a leading zero', requestOf(7, 9).replace('old 7', 'old 07')],
    ['no size', requestOf(7, 9).replace('old 7\n', '')],
    ['a hash that is none', requestOf(0, 9).replace('old 0\n', 'old 0\nAAAA\n')],
    ['a carriage return', requestOf(0, 9).replace('old 0\n', 'old 0\r\n')],
    [
      'more hashes than a proof has',
      requestOf(0, 9).replace('\n', `\n${`${'A'.repeat(43)}=\n`.repeat(64)}`),
    ],
  ])('does not allow %s', (_, body) => {
    expect(failureOf(() => parseAddCheckpoint(body))).toBe('malformed-witness-message');
  });

  it('is not written from what could not be read', () => {
    const good = { oldSize: 1, proof: [], checkpoint: LOG.checkpointAt(9) };
    const proofs = [[Buffer.of(1)], Array.from({ length: 64 }, () => EMPTY_ROOT)];
    for (const proof of proofs) {
      expect(failureOf(() => formatAddCheckpoint({ ...good, proof }))).toBe(
        'malformed-witness-message',
      );
    }
    expect(failureOf(() => formatAddCheckpoint({ ...good, oldSize: -1 }))).toBe(
      'malformed-witness-message',
    );
  });

  it('has one spelling of a size', () => {
    for (const body of ['5', '05\n', '5\n\n', ' 5\n', '\n', '5\r\n', '-5\n']) {
      expect(parseTreeSize(body)).toBeUndefined();
    }
    expect(failureOf(() => formatTreeSize(-1))).toBe('malformed-witness-message');
  });
});
