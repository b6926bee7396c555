import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  appendLeaves,
  formatCheckpoint,
  growTree,
  leafHash,
  newLogKey,
  noteSigner,
  parsePolicy,
  rangeProofSync,
  rootOf,
  signNote,
  verifyTlogProof,
} from '@mnv/transparency-log';
import type { AccessEntry, Receipt } from '../src/index.ts';
import { encodeEntry, receiptToTlogProofs, verifyReceipt } from '../src/index.ts';

const origin = 'test/access/one';
const { privateKey, vkey } = newLogKey('test/access');
const policy = parsePolicy(`log ${vkey}\nquorum none\n`, { origins: 'key-name-or-below' });

function entry(): AccessEntry {
  return {
    v: 1,
    k: 'intent',
    t: 1_900_000_000_000,
    n: randomBytes(16).toString('base64url'),
    rid: randomUUID(),
    ten: 't-001',
    rec: randomUUID(),
    op: 'disclose',
    iss: 'i',
    sub: 's',
    act: 'a',
    x5t: '',
    tok: '',
    rqh: '',
    pur: 'TAX-WITHHOLD',
    case: 'C',
    pol: 'p1',
    dec: 'allow',
    cnt: 1,
  };
}

/** A receipt for `n` entries behind `before` others, as the proxy makes it. */
function makeReceipt(before: number, n: number, after: number): { receipt: Receipt; size: number } {
  const older = Array.from({ length: before }, () => leafHash(encodeEntry(entry())));
  const mine = Array.from({ length: n }, () => encodeEntry(entry()));
  const younger = Array.from({ length: after }, () => leafHash(encodeEntry(entry())));
  const leaves = [...mine.map((bytes) => leafHash(bytes)), ...younger];
  const tree = growTree(before, appendLeaves(0, [], older), leaves);
  const text = formatCheckpoint({ origin, size: tree.size, root: rootOf(tree.edge) });
  const proof = rangeProofSync(before, n, { size: tree.size, nodeAt: tree.nodeAt });
  const checkpoint = signNote(text, [noteSigner(origin, privateKey)]);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const receipt = {
    first: before,
    n,
    entries: mine.map(base64),
    proof: proof.map(base64),
    checkpoint,
  };
  return { receipt, size: tree.size };
}

describe('a receipt', () => {
  it('shows its entries to be in the log, with the policy file alone', () => {
    const { receipt } = makeReceipt(5, 3, 4);
    const verified = verifyReceipt(receipt, policy);
    expect(verified).toMatchObject({ origin, size: 12 });
    expect(verified.entries).toHaveLength(3);
  });

  it('becomes one standard proof per entry', () => {
    const { receipt, size } = makeReceipt(5, 3, 4);
    const texts = receiptToTlogProofs(receipt, size);
    expect(texts).toHaveLength(3);
    texts.forEach((text, at) => {
      const bytes = Buffer.from(receipt.entries[at] ?? '', 'base64');
      const verified = verifyTlogProof(text, {
        leafHash: leafHash(bytes),
        open: (note) => policy.verify(note),
      });
      expect(verified.index).toBe(5 + at);
    });
  });

  it.each<[what: string, why: string, (receipt: Receipt) => Receipt]>([
    ['no entry', 'the receipt covers no entry', (receipt) => ({ ...receipt, n: 0, entries: [] })],
    [
      'an entry left out',
      'the receipt covers no entry',
      (receipt) => ({ ...receipt, entries: receipt.entries.slice(1) }),
    ],
    [
      'another place',
      'the entries of the receipt are not under its checkpoint',
      (receipt) => ({ ...receipt, first: receipt.first + 1 }),
    ],
    [
      'another entry',
      'the entries of the receipt are not under its checkpoint',
      (receipt) => ({
        ...receipt,
        entries: receipt.entries.map(() => encodeEntry(entry()).toString('base64')),
      }),
    ],
    [
      'a proof cut short',
      'the entries of the receipt are not under its checkpoint',
      (receipt) => ({ ...receipt, proof: receipt.proof.slice(1) }),
    ],
    [
      'a checkpoint of another key',
      'no pinned key signed the note',
      (receipt) => ({
        ...receipt,
        checkpoint: signNote(receipt.checkpoint.split('\n\n')[0] + '\n', [
          noteSigner(origin, newLogKey(origin).privateKey),
        ]),
      }),
    ],
    [
      'a checkpoint of a log outside the policy',
      'the checkpoint is of a log that is not expected',
      (receipt) => {
        const text = formatCheckpoint({
          origin: 'other/access/one',
          size: 1,
          root: leafHash(Buffer.from('')),
        });
        return {
          ...receipt,
          checkpoint: signNote(text, [noteSigner('other/access/one', privateKey)]),
        };
      },
    ],
  ])('does not verify with %s: %s', (_what, why, change) => {
    const { receipt } = makeReceipt(5, 3, 4);
    expect(() => verifyReceipt(change(receipt), policy)).toThrow(why);
  });
});
