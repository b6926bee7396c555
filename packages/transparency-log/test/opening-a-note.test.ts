import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatVerifierKey,
  logVerifierKey,
  newLogKey,
  noteSigner,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
} from '../src/index.ts';
import { failureOf } from './failure-of.ts';

// The published examples of C2SP signed-note and of golang.org/x/mod/sumdb/note, whose private key is public too.
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE_NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SEED = 'gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=';
const GO_TEXT = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.
`;
const GO_NOTE = `${GO_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

const NAME = 'log.example/access';
const { privateKey, vkey } = newLogKey(NAME);
const SIGNER = noteSigner(NAME, privateKey);
const NOTE = signNote('first\nsecond\n', [SIGNER]);
const LINE = NOTE.slice(NOTE.indexOf('—'));

describe('notes of others', () => {
  it('opens the published examples', () => {
    expect(openNote(EXAMPLE_NOTE, [EXAMPLE_KEY]).text).toBe('This is an example message.\n');
    expect(openNote(GO_NOTE, [GO_KEY])).toEqual({
      text: GO_TEXT,
      verified: [{ name: 'PeterNeumann', keyId: 'c74f20a3' }],
    });
  });

  it('signs the published example to the same octets', () => {
    const pkcs8 = Buffer.from(['302e020100', '300506032b6570', '04220420'].join(''), 'hex');
    const key = createPrivateKey({
      key: Buffer.concat([pkcs8, Buffer.from(GO_SEED, 'base64')]),
      format: 'der',
      type: 'pkcs8',
    });
    expect(logVerifierKey('PeterNeumann', key)).toBe(GO_KEY);
    expect(signNote(GO_TEXT, [noteSigner('PeterNeumann', key)])).toBe(GO_NOTE);
  });
});

describe('opening a signed note', () => {
  it('gives the text of any note it signed, from text and from octets', () => {
    const lines = fc.array(
      fc
        .string({ unit: 'grapheme' })
        .map((line) => [...line].filter((sign) => sign >= ' ').join('')),
    );
    fc.assert(
      fc.property(lines, (each) => {
        const text = `${each.join('\n')}\n`;
        const note = signNote(text, [SIGNER]);
        expect(openNote(note, [vkey]).text).toBe(text);
        expect(openNote(Buffer.from(note), [vkey]).text).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  it('believes nothing unless a key is pinned', () => {
    expect(failureOf(() => openNote(NOTE, []))).toBe('no-verifier');
  });

  it('refuses a note that no pinned key signed', () => {
    const other = newLogKey(NAME);
    expect(failureOf(() => openNote(NOTE, [other.vkey]))).toBe('unsigned');
    expect(failureOf(() => openNote(NOTE, [logVerifierKey('log.example/other', privateKey)]))).toBe(
      'unsigned',
    );
  });

  it('ignores a signature that has only the name, or only the id, of a pinned key', () => {
    const stranger = noteSigner(NAME, newLogKey(NAME).privateKey);
    const { keyId } = parseVerifierKey(vkey);
    const sameId = { name: 'log.example/other', keyId, sign: () => Buffer.alloc(64) };
    expect(openNote(signNote('text\n', [stranger, sameId, SIGNER]), [vkey]).verified).toHaveLength(
      1,
    );
  });

  it('refuses the whole note when one signature of a pinned key does not hold', () => {
    const wrong = { ...SIGNER, sign: () => Buffer.alloc(64) };
    const other = newLogKey('log.example/other');
    const honest = noteSigner('log.example/other', other.privateKey);
    for (const signers of [[wrong], [wrong, SIGNER], [SIGNER, wrong], [honest, wrong]]) {
      const note = signNote('text\n', signers);
      expect(failureOf(() => openNote(note, [vkey, other.vkey]))).toBe('signature-invalid');
    }
  });

  it('counts a repeated signature once', () => {
    const { verified } = openNote(signNote('text\n', [SIGNER, SIGNER, SIGNER]), [vkey]);
    expect(verified).toEqual([{ name: NAME, keyId: SIGNER.keyId }]);
  });

  it('refuses any change of the text', () => {
    for (let at = 0; at < NOTE.indexOf('—') - 2; at += 1) {
      const changed = `${NOTE.slice(0, at)}x${NOTE.slice(at + 1)}`;
      expect(failureOf(() => openNote(changed, [vkey]))).toBe('signature-invalid');
    }
  });

  it('does not let two keys stand under one name and id', () => {
    expect(failureOf(() => openNote(NOTE, [vkey, vkey]))).toBe('no-verifier');
  });
});

describe('the format of a note', () => {
  const malformed: [string, string | Uint8Array][] = [
    ['nothing', ''],
    ['no signature', 'text\n'],
    ['no empty line before the signatures', `text\n${LINE}`],
    ['no signature behind the empty line', 'text\n\n'],
    ['text behind the signatures', `${NOTE}text\n`],
    ['an empty line behind the signatures', `${NOTE}\n`],
    ['no newline at the end', NOTE.slice(0, -1)],
    ['carriage returns', NOTE.replaceAll('\n', '\r\n')],
    ['a hyphen for the dash', NOTE.replace('—', '-')],
    ['two spaces', NOTE.replace('— ', '—  ')],
    ['a space behind the signature', NOTE.replace(/\n$/, ' \n')],
    ['a plus sign in the name', NOTE.replace(NAME, 'a+b')],
    ['a Unicode space in the name', NOTE.replace(NAME, 'a\u3000b')],
    ['no name', NOTE.replace(`${NAME} `, '')],
    ['a control character in the text', NOTE.replace('first', 'fi\trst')],
    ['a lone surrogate', NOTE.replace('first', '\ud800')],
    ['octets that are not UTF-8', Buffer.concat([Buffer.of(0xff), Buffer.from(NOTE)])],
    ['base64 without its padding', NOTE.replace(/=*\n$/, '\n')],
    ['base64url', NOTE.replace(/ [A-Za-z0-9+/]+=*\n$/, ' __________8=\n')],
    ['base64 with bits behind the end', 'text\n\n— a AAAAAAB=\n'],
    ['a signature of no octet', 'text\n\n— a AAAAAA==\n'],
    [
      'more signatures than anybody reads',
      signNote(
        'text\n',
        Array.from({ length: 101 }, () => SIGNER),
      ),
    ],
  ];

  it.each(malformed)('does not allow %s', (_, note) => {
    expect(failureOf(() => openNote(note, [vkey]))).toBe('malformed-note');
  });

  it('keeps a byte order mark as part of the text', () => {
    expect(failureOf(() => openNote(Buffer.from(`\ufeff${NOTE}`), [vkey]))).toBe(
      'signature-invalid',
    );
  });

  it('takes the last empty line for the end of the text', () => {
    expect(parseNote(`a\n\nb\n\n${LINE}`).text).toBe('a\n\nb\n');
  });

  it('allows sixteen signatures', () => {
    const note = signNote(
      'text\n',
      Array.from({ length: 16 }, () => SIGNER),
    );
    expect(openNote(note, [vkey]).text).toBe('text\n');
  });

  it('signs no text that cannot be one, and nothing without a signer', () => {
    for (const text of ['', 'text', 'te\rxt\n', '\ud800\n']) {
      expect(failureOf(() => signNote(text, [SIGNER]))).toBe('malformed-note');
    }
    expect(failureOf(() => signNote('text\n', []))).toBe('unsigned');
  });
});

describe('a verifier key', () => {
  it('is written as it was read', () => {
    for (const key of [vkey, EXAMPLE_KEY, GO_KEY]) {
      expect(formatVerifierKey(parseVerifierKey(key))).toBe(key);
    }
  });

  it('is refused when any character of it is changed', () => {
    for (let at = 0; at < GO_KEY.length; at += 1) {
      const other = GO_KEY[at] === 'A' ? 'B' : 'A';
      const changed = GO_KEY.slice(0, at) + other + GO_KEY.slice(at + 1);
      expect(failureOf(() => parseVerifierKey(changed))).toBe('malformed-key');
    }
  });

  it('is refused when a part of it is missing, of another type or spelled otherwise', () => {
    const [name = '', keyId = '', key = ''] = GO_KEY.split('+');
    const changes = [
      `${name}+${keyId}`,
      `+${keyId}+${key}`,
      `${name}+${keyId.toUpperCase()}+${key}`,
      `${GO_KEY}+`,
      `${GO_KEY}=`,
      `${GO_KEY}\n`,
      ` ${GO_KEY}`,
      'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ];
    for (const changed of changes)
      expect(failureOf(() => parseVerifierKey(changed))).toBe('malformed-key');
  });
});
