import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Receipt } from '@mnv/protocol';
import { leafHash, parsePolicy, verifyTlogProof } from '@mnv/transparency-log';
import { verifyReceiptFile } from '../src/verify-receipt.ts';
import {
  encoded,
  entry,
  logSigner,
  recordedRequests,
  withBitTurned,
  writtenLog,
} from './written-log.ts';
import type { WrittenLog } from './written-log.ts';

const signer = logSigner();
const policy = parsePolicy(signer.trustPolicy, { origins: 'key-name-or-below' });
const entries = recordedRequests(40);
let log: WrittenLog;
let receipt: Receipt;

beforeAll(async () => {
  log = await writtenLog(encoded(entries), signer);
  receipt = log.receipt(6, 3);
});

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const verify = (value: unknown) => verifyReceiptFile(bytesOf(value), policy);

describe('verifying a receipt', () => {
  it('says which entries stand where in which log', () => {
    const result = verify(receipt);

    expect(result).toMatchObject({ origin: log.origin, size: 40, checked: 3 });
    expect(result.entries).toEqual([6, 7, 8].map((index) => ({ index, ...entries[index] })));
  });

  it.each(['requestId', 'rid'])('finds the receipt in an answer kept with its %s', (member) => {
    const { rid } = entries[6]!;

    expect(verify({ [member]: rid, receipt })).toMatchObject({ checked: 3 });
  });

  it.each(['requestId', 'rid'])('fails when the %s beside it is of another request', (member) => {
    for (const other of [entries[0]!.rid, '', null, 7])
      expect(() => verify({ [member]: other, receipt })).toThrow('another request');
  });

  it('holds under either key after a change of the log’s key', () => {
    const renewed = `log ${logSigner().trustPolicy.split(/\s/)[1]}\n${signer.trustPolicy}`;
    const both = parsePolicy(renewed, { origins: 'key-name-or-below' });

    expect(verifyReceiptFile(bytesOf(receipt), both)).toMatchObject({ checked: 3 });
  });

  it('gives a proof for each entry that any transparency log client can check', () => {
    const { proofs } = verify(receipt);

    proofs.forEach((proof, at) => {
      const hash = leafHash(Buffer.from(receipt.entries[at] ?? '', 'base64'));
      const checked = verifyTlogProof(proof, {
        leafHash: hash,
        open: (note) => policy.verify(note),
      });
      expect(checked.index).toBe(6 + at);
    });
    expect(proofs).toHaveLength(3);
  });

  it('holds for every run of entries of a log', () => {
    const runs = fc.tuple(fc.integer({ min: 0, max: 39 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(runs, ([first, length]) => {
        const n = Math.min(length, 40 - first);
        expect(verify(log.receipt(first, n)).checked).toBe(n);
      }),
    );
  });

  it('fails when any bit of the file is turned', () => {
    fc.assert(
      fc.property(fc.nat(), (bit) => {
        const turned = withBitTurned(bytesOf(receipt), bit);
        expect(() => verifyReceiptFile(turned, policy)).toThrow(Error);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, (one: Receipt) => unknown]>([
    ['nothing to check', (one) => ({ ...one, n: 0, entries: [] })],
    ['fewer entries than it says', (one) => ({ ...one, entries: one.entries.slice(1) })],
    ['an entry less', (one) => ({ ...one, n: 2, entries: one.entries.slice(0, 2) })],
    ['an entry more', (one) => ({ ...one, n: 4, entries: [...one.entries, one.entries[0]] })],
    ['its entries in another order', (one) => ({ ...one, entries: one.entries.toReversed() })],
    ['another place', (one) => ({ ...one, first: one.first + 1 })],
    ['a proof cut short', (one) => ({ ...one, proof: one.proof.slice(0, -1) })],
    ['a proof with one hash more', (one) => ({ ...one, proof: [...one.proof, one.proof[0]] })],
    ['a proof in another order', (one) => ({ ...one, proof: one.proof.toReversed() })],
    ['no proof', (one) => ({ ...one, proof: [] })],
    ['no checkpoint', (one) => ({ ...one, checkpoint: '' })],
    ['another member missing', (one) => ({ ...one, first: undefined })],
    ['texts that are not base64', (one) => ({ ...one, entries: one.entries.map((e) => `${e}=`) })],
  ])('fails with %s', (_what, change) => {
    expect(() => verify(change(receipt))).toThrow(Error);
  });

  it('fails under the checkpoint of a log that lacks the entries', async () => {
    const { checkpoint } = await writtenLog(encoded(recordedRequests(40)), signer);

    expect(() => verify({ ...receipt, checkpoint })).toThrow('not under its checkpoint');
  });

  it('fails when somebody else signed it', async () => {
    const stranger = await writtenLog(encoded(entries), logSigner());

    expect(() => verify(stranger.receipt(6, 3))).toThrow(Error);
  });

  it('fails for an entry that is not one, though it stands in the log', async () => {
    const odd = await writtenLog([Buffer.from('{"v":1}'), ...encoded([entry({ t: 1 })])], signer);

    expect(() => verify(odd.receipt(0, 1))).toThrow('entry');
  });

  it.each([
    ['', 'well-formed'],
    ['[]', 'not a receipt'],
    ['{"first":0,"first":0}', 'well-formed'],
  ])('says of %j what is wrong', (text, reason) => {
    expect(() => verifyReceiptFile(Buffer.from(text), policy)).toThrow(reason);
  });
});
