import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatTlogProof,
  inclusionProofSync,
  leafHash,
  openCheckpoint,
  parsePolicy,
  parseTlogProof,
  verifyTlogProof,
} from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { grownLog, mutantProofsOf } from './grown-log.ts';
import { newWitness, signedLog } from './signed-logs.ts';

const SIZE = 21;
const INDEX = 13;
const LOG = signedLog('vault.example/access/6c1f');
const { entries, nodeAt } = grownLog(SIZE);
const PARTS = {
  index: INDEX,
  proof: inclusionProofSync(INDEX, SIZE, nodeAt),
  checkpoint: LOG.checkpointAt(SIZE),
};
const TEXT = formatTlogProof(PARTS);
const LEAF = leafHash(entries[INDEX]!);
const open = (note: string) => openCheckpoint(note, LOG.vkey);

describe('a proof of logging', () => {
  it('has the lines of c2sp.org/tlog-proof@v1', () => {
    const hashes = PARTS.proof.map((hash) => Buffer.from(hash).toString('base64'));
    const lines = ['c2sp.org/tlog-proof@v1', `index ${INDEX}`, ...hashes, '', PARTS.checkpoint];
    expect(TEXT).toBe(lines.join('\n'));
    const extra = Buffer.from('more');
    expect(formatTlogProof({ ...PARTS, extra }).split('\n')[1]).toBe('extra bW9yZQ==');
  });

  it('reads back whatever it wrote', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const parts = fc.record({
      index: fc.maxSafeNat(),
      proof: fc.array(hash, { maxLength: 53 }),
      checkpoint: fc.constant(PARTS.checkpoint),
      extra: fc.uint8Array(),
    });
    fc.assert(
      fc.property(parts, (one) => expect(parseTlogProof(formatTlogProof(one))).toEqual(one)),
    );
    expect(parseTlogProof(TEXT)).toEqual({
      ...PARTS,
      proof: PARTS.proof.map((one) => Uint8Array.from(one)),
    });
  });

  it('proves the entry of a trusted log, by key or by policy', () => {
    expect(verifyTlogProof(TEXT, { leafHash: LEAF, open })).toMatchObject({
      index: INDEX,
      checkpoint: { origin: LOG.origin, size: SIZE },
    });
    const policy = parsePolicy(`log ${LOG.vkey}\nquorum none\n`);
    const trusted = verifyTlogProof(TEXT, { leafHash: LEAF, open: (note) => policy.verify(note) });
    expect(trusted.checkpoint.cosigned).toEqual([]);
  });

  it('asks for the quorum where the policy has one', () => {
    const witness = newWitness('witness.example');
    const policy = parsePolicy(`log ${LOG.vkey}\nwitness w ${witness.vkey}\nquorum w\n`);
    const byPolicy = (note: string) => policy.verify(note);
    expect(failureOf(() => verifyTlogProof(TEXT, { leafHash: LEAF, open: byPolicy }))).toBe(
      'quorum-missing',
    );
    const cosigned = TEXT + witness.cosign(PARTS.checkpoint, 5);
    expect(
      verifyTlogProof(cosigned, { leafHash: LEAF, open: byPolicy }).checkpoint.cosigned,
    ).toEqual([{ witness: 'w', timestamp: 5 }]);
  });

  it('proves no other entry, place or path', () => {
    const claims: [string, Uint8Array][] = [
      [TEXT, leafHash(entries[INDEX + 1]!)],
      [formatTlogProof({ ...PARTS, index: INDEX + 1 }), LEAF],
      [formatTlogProof({ ...PARTS, proof: [] }), LEAF],
      [formatTlogProof({ ...PARTS, checkpoint: LOG.checkpointAt(SIZE - 1) }), LEAF],
    ];
    for (const proof of mutantProofsOf(PARTS.proof)) {
      if (proof.every((hash) => hash.length === 32))
        claims.push([formatTlogProof({ ...PARTS, proof }), LEAF]);
    }
    for (const [text, hash] of claims) {
      expect(failureOf(() => verifyTlogProof(text, { leafHash: hash, open }))).toBe(
        'inclusion-unproven',
      );
    }
  });

  it('proves nothing under a checkpoint of somebody else', () => {
    const other = signedLog(LOG.origin);
    const text = formatTlogProof({ ...PARTS, checkpoint: other.checkpointAt(SIZE) });
    expect(failureOf(() => verifyTlogProof(text, { leafHash: LEAF, open }))).toBe('unsigned');
  });
});

describe('the format of a proof of logging', () => {
  const hashLine = TEXT.split('\n')[2]!;

  it.each([
    ['nothing', ''],
    ['another header', TEXT.replace('@v1', '@v2')],
    ['no header', TEXT.slice(TEXT.indexOf('index'))],
    ['no index', TEXT.replace(`index ${INDEX}\n`, '')],
    ['an index with a leading zero', TEXT.replace(`index ${INDEX}`, `index 0${INDEX}`)],
    ['a negative index', TEXT.replace(`index ${INDEX}`, `index -${INDEX}`)],
    [
      'an index that no number holds exactly',
      TEXT.replace(`index ${INDEX}`, 'index 9007199254740993'),
    ],
    ['a short hash', TEXT.replace(hashLine, 'AAAA')],
    ['a hash that is not canonical', TEXT.replace(hashLine, `${'A'.repeat(42)}B=`)],
    ['spaces behind a hash', TEXT.replace(hashLine, `${hashLine} `)],
    ['carriage returns', TEXT.replaceAll('\n', '\r\n')],
    [
      'extra data behind the index',
      TEXT.replace(`index ${INDEX}\n`, `index ${INDEX}\nextra AA==\n`),
    ],
    ['extra data twice', TEXT.replace('index', 'extra AA==\nextra AA==\nindex')],
    ['extra data that is not canonical', TEXT.replace('index', 'extra AB==\nindex')],
    ['no checkpoint', TEXT.slice(0, TEXT.indexOf('\n\n'))],
    [
      'more hashes than any tree has levels',
      formatTlogProof({ ...PARTS, proof: Array(54).fill(LEAF) }),
    ],
  ])('does not allow %s', (_, text) => {
    expect(failureOf(() => parseTlogProof(text))).toBe('malformed-proof');
  });

  it('does not allow a checkpoint that is no note', () => {
    expect(failureOf(() => parseTlogProof(TEXT.slice(0, -1)))).toBe('malformed-note');
    expect(failureOf(() => formatTlogProof({ ...PARTS, checkpoint: 'text\n' }))).toBe(
      'malformed-note',
    );
  });

  it('writes no proof that could not be read', () => {
    expect(failureOf(() => formatTlogProof({ ...PARTS, index: -1 }))).toBe('malformed-proof');
    expect(failureOf(() => formatTlogProof({ ...PARTS, proof: [Buffer.of(1)] }))).toBe(
      'malformed-proof',
    );
  });
});
