import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EMPTY_ROOT,
  formatCheckpoint,
  leafHash,
  newLogKey,
  newWitnessKey,
  noteSigner,
  openCheckpoint,
  parseCheckpoint,
  parseVerifierKey,
  signNote,
} from '../src/index.ts';
import { failureOf } from './failure-of.ts';

const ORIGIN = 'vault.example/access/6c1f';
const ROOT = leafHash(Buffer.of(1));
const ROOT_TEXT = Buffer.from(ROOT).toString('base64');
const { privateKey, vkey } = newLogKey(ORIGIN);
const SIGNER = noteSigner(ORIGIN, privateKey);

function signed(text: string): string {
  return signNote(text, [SIGNER]);
}

describe('the text of a checkpoint', () => {
  it('reads the example of C2SP tlog-checkpoint', () => {
    const text =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    expect(formatCheckpoint(checkpoint)).toBe(text);
  });

  it('reads back whatever it wrote', () => {
    const origins = fc
      .string({ minLength: 1 })
      .filter((text) => [...text].every((sign) => sign >= ' '));
    const roots = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(origins, fc.maxSafeNat(), roots, (origin, size, root) => {
        const checkpoint = { origin, size, root: size === 0 ? EMPTY_ROOT : root };
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({
          ...checkpoint,
          root: Uint8Array.from(checkpoint.root),
        });
      }),
    );
  });

  it('allows extension lines, and takes nothing from them', () => {
    const text = `${ORIGIN}\n7\n${ROOT_TEXT}\nextension 1\nextension 2\n`;
    expect(Object.keys(parseCheckpoint(text))).toEqual(['origin', 'size', 'root']);
  });

  it.each([
    ['a leading zero', `${ORIGIN}\n07\n${ROOT_TEXT}\n`],
    ['a sign', `${ORIGIN}\n+7\n${ROOT_TEXT}\n`],
    ['a negative size', `${ORIGIN}\n-7\n${ROOT_TEXT}\n`],
    ['a fraction', `${ORIGIN}\n7.0\n${ROOT_TEXT}\n`],
    ['an exponent', `${ORIGIN}\n7e1\n${ROOT_TEXT}\n`],
    ['hexadecimal', `${ORIGIN}\n0x7\n${ROOT_TEXT}\n`],
    ['a space', `${ORIGIN}\n7 \n${ROOT_TEXT}\n`],
    ['digits of another script', `${ORIGIN}\n７\n${ROOT_TEXT}\n`],
    ['a size that no number holds exactly', `${ORIGIN}\n9007199254740992\n${ROOT_TEXT}\n`],
    ['a size beyond all counting', `${ORIGIN}\n${'9'.repeat(40)}\n${ROOT_TEXT}\n`],
    ['no size', `${ORIGIN}\n\n${ROOT_TEXT}\n`],
    ['no origin', `\n7\n${ROOT_TEXT}\n`],
    ['no root', `${ORIGIN}\n7\n`],
    ['a root without padding', `${ORIGIN}\n7\n${ROOT_TEXT.slice(0, -1)}\n`],
    ['a root with bits behind the end', `${ORIGIN}\n7\n${`${'A'.repeat(42)}B`}=\n`],
    ['a short root', `${ORIGIN}\n7\n${'A'.repeat(42)}==\n`],
    ['a long root', `${ORIGIN}\n7\n${'A'.repeat(44)}\n`],
    ['an empty extension line', `${ORIGIN}\n7\n${ROOT_TEXT}\n\n`],
    ['no newline at the end', `${ORIGIN}\n7\n${ROOT_TEXT}`],
    ['another root for the tree without entries', `${ORIGIN}\n0\n${ROOT_TEXT}\n`],
  ])('does not allow %s', (_, text) => {
    expect(failureOf(() => parseCheckpoint(text))).toBe('malformed-checkpoint');
  });

  it('writes no checkpoint that could not be read', () => {
    const good = { origin: ORIGIN, size: 7, root: ROOT };
    const bad = [
      { ...good, origin: '' },
      { ...good, origin: 'two\nlines' },
      { ...good, size: -1 },
      { ...good, size: 2 ** 53 },
      { ...good, size: 1.5 },
      { ...good, root: ROOT.subarray(1) },
    ];
    for (const one of bad)
      expect(failureOf(() => formatCheckpoint(one))).toBe('malformed-checkpoint');
  });
});

describe('opening a checkpoint', () => {
  const TEXT = formatCheckpoint({ origin: ORIGIN, size: 7, root: ROOT });

  it('gives what the pinned log signed', () => {
    const expected = { origin: ORIGIN, size: 7, root: Uint8Array.from(ROOT) };
    expect(openCheckpoint(signed(TEXT), vkey)).toEqual(expected);
    expect(openCheckpoint(Buffer.from(signed(TEXT)), parseVerifierKey(vkey))).toEqual(expected);
  });

  it('refuses the same key under another name, and another key under the same name', () => {
    const stranger = newLogKey(ORIGIN);
    expect(failureOf(() => openCheckpoint(signed(TEXT), stranger.vkey))).toBe('unsigned');
    const renamed = signNote(TEXT, [noteSigner('vault.example/access', privateKey)]);
    expect(failureOf(() => openCheckpoint(renamed, vkey))).toBe('unsigned');
  });

  it('refuses any origin but exactly the one expected', () => {
    for (const origin of [`${ORIGIN}/`, ORIGIN.slice(0, -1), ORIGIN.toUpperCase(), `x${ORIGIN}`]) {
      const note = signed(formatCheckpoint({ origin, size: 7, root: ROOT }));
      expect(failureOf(() => openCheckpoint(note, vkey))).toBe('origin-mismatch');
      expect(openCheckpoint(note, vkey, origin).origin).toBe(origin);
    }
    expect(failureOf(() => openCheckpoint(signed(TEXT), vkey, `${ORIGIN}/1`))).toBe(
      'origin-mismatch',
    );
  });

  it('refuses a signed text that is no checkpoint', () => {
    expect(failureOf(() => openCheckpoint(signed('hello\n'), vkey))).toBe('malformed-checkpoint');
  });

  it('does not let a cosigner speak for the log', () => {
    const witness = newWitnessKey(ORIGIN);
    expect(failureOf(() => openCheckpoint(signed(TEXT), witness.vkey))).toBe('malformed-key');
  });
});
