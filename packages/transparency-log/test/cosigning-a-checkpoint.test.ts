import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addCosignatures,
  cosigner,
  joinCosignatures,
  openNote,
  signNote,
  witnessVerifierKey,
} from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { newWitness, signedLog } from './signed-logs.ts';

// A checkpoint of a public log of May 2026, with cosignatures of public witnesses, and their keys.
const PUBLIC_CHECKPOINT = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
`;
const PUBLIC_WITNESSES = [
  'transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM',
  'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO',
  'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
];

const LOG = signedLog('vault.example/access/6c1f');
const CHECKPOINT = LOG.checkpointAt(9);
const WITNESS = newWitness('witness.example/w1');
const OTHER = newWitness('witness.example/w2');

describe('cosignatures of others', () => {
  it('hold for a checkpoint of a public log', () => {
    const { verified } = openNote(PUBLIC_CHECKPOINT, PUBLIC_WITNESSES);
    expect(verified.map(({ timestamp }) => timestamp)).toEqual([
      1_779_573_024, 1_779_573_024, 1_779_573_024,
    ]);
  });

  it('do not hold for another size, root or origin', () => {
    for (const [from, to] of [
      ['1432088532', '1432088533'],
      ['U7WM', 'U7WN'],
      ['arche2025h1.staging.ct.transparency.dev\n', 'arche2025h2.staging.ct.transparency.dev\n'],
    ] as const) {
      const changed = PUBLIC_CHECKPOINT.replace(from, to);
      expect(failureOf(() => openNote(changed, PUBLIC_WITNESSES))).toBe('signature-invalid');
    }
  });
});

describe('cosigning a checkpoint', () => {
  it('states the time, whatever it is', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (timestamp) => {
        const { verified } = openNote(CHECKPOINT + WITNESS.cosign(CHECKPOINT, timestamp), [
          WITNESS.vkey,
        ]);
        expect(verified).toEqual([{ name: WITNESS.name, keyId: WITNESS.keyId, timestamp }]);
      }),
      { numRuns: 30 },
    );
  });

  it('does not hold when the time is changed', () => {
    const line = WITNESS.cosign(CHECKPOINT, 1_900_000_000);
    const blob = Buffer.from(line.split(' ')[2] ?? '', 'base64');
    for (let at = 4; at < 12; at += 1) {
      const changed = Buffer.from(blob);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const note = `${CHECKPOINT}— ${WITNESS.name} ${changed.toString('base64')}\n`;
      expect(failureOf(() => openNote(note, [WITNESS.vkey]))).toBe('signature-invalid');
    }
  });

  it('is not a signature of the note, nor the other way round', () => {
    const asLog = signNote(CHECKPOINT.split('\n\n')[0]?.concat('\n') ?? '', [
      { name: WITNESS.name, keyId: WITNESS.keyId, sign: LOG.signer.sign },
    ]);
    expect(failureOf(() => openNote(asLog, [WITNESS.vkey]))).toBe('signature-invalid');
    const samePair = cosigner(LOG.origin, LOG.privateKey).cosign(CHECKPOINT, 1);
    const text = CHECKPOINT.slice(0, CHECKPOINT.indexOf('—'));
    expect(failureOf(() => openNote(text + samePair, [LOG.vkey]))).toBe('unsigned');
    expect(
      openNote(text + samePair, [witnessVerifierKey(LOG.origin, LOG.privateKey)]).verified,
    ).toHaveLength(1);
  });

  it('is counted once a witness, with the latest time', () => {
    const lines = [5, 9, 7].map((timestamp) => WITNESS.cosign(CHECKPOINT, timestamp));
    const { verified } = openNote(CHECKPOINT + lines.join(''), [WITNESS.vkey]);
    expect(verified.map(({ timestamp }) => timestamp)).toEqual([9]);
  });

  it('is refused for a text that is no checkpoint, and for no time', () => {
    expect(failureOf(() => WITNESS.cosign(signNote('hello\n', [LOG.signer]), 1))).toBe(
      'malformed-checkpoint',
    );
    expect(() => WITNESS.cosign(CHECKPOINT, 1.5)).toThrow(RangeError);
    expect(() => WITNESS.cosign(CHECKPOINT, -1)).toThrow(RangeError);
  });
});

describe('taking the answer of a witness', () => {
  it('adds the lines of pinned witnesses and leaves out the others', () => {
    const answer = OTHER.cosign(CHECKPOINT, 3) + WITNESS.cosign(CHECKPOINT, 4);
    const note = addCosignatures(CHECKPOINT, answer, [WITNESS.vkey]);
    expect(note).toBe(CHECKPOINT + WITNESS.cosign(CHECKPOINT, 4));
    expect(openNote(note, [LOG.vkey, WITNESS.vkey]).verified).toHaveLength(2);
  });

  it('refuses an answer that does not hold, or holds for another checkpoint', () => {
    const answer = WITNESS.cosign(LOG.checkpointAt(8), 4);
    expect(failureOf(() => addCosignatures(CHECKPOINT, answer, [WITNESS.vkey]))).toBe(
      'signature-invalid',
    );
  });

  it('refuses an answer without any pinned witness, and no answer', () => {
    const answer = OTHER.cosign(CHECKPOINT, 3);
    expect(failureOf(() => addCosignatures(CHECKPOINT, answer, [WITNESS.vkey]))).toBe('unsigned');
    expect(failureOf(() => addCosignatures(CHECKPOINT, answer, []))).toBe('unsigned');
    expect(failureOf(() => addCosignatures(CHECKPOINT, '', [WITNESS.vkey]))).toBe('malformed-note');
  });

  it('does not take the key of a log for a witness', () => {
    const answer = WITNESS.cosign(CHECKPOINT, 4);
    expect(failureOf(() => addCosignatures(CHECKPOINT, answer, [LOG.vkey]))).toBe('malformed-key');
  });
});

describe('joining what several witnesses cosigned', () => {
  const cosignedBy = ({ name, privateKey }: typeof WITNESS, timestamp: number) =>
    CHECKPOINT + cosigner(name, privateKey).cosign(CHECKPOINT, timestamp);

  it('gives one note with the line of each, in any order and however often it is given', () => {
    const [one, two] = [cosignedBy(WITNESS, 1_700_000_001), cosignedBy(OTHER, 1_700_000_002)];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(one, two, CHECKPOINT), { maxLength: 6 }), (more) => {
        const joined = joinCosignatures([...more, two, one]);
        const { verified, text } = openNote(joined, [LOG.vkey, WITNESS.vkey, OTHER.vkey]);
        expect(verified).toHaveLength(3);
        expect(joined.startsWith(CHECKPOINT)).toBe(true);
        expect(joined.split('\n')).toHaveLength(CHECKPOINT.split('\n').length + 2);
        expect(text).toBe(openNote(CHECKPOINT, [LOG.vkey]).text);
      }),
    );
  });

  it('joins no notes of different checkpoints, and none out of nothing', () => {
    const other = LOG.checkpointAt(10);
    for (const notes of [[CHECKPOINT, other], []])
      expect(failureOf(() => joinCosignatures(notes))).toBe('malformed-note');
  });
});
