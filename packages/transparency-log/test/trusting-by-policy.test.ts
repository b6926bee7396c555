import { describe, expect, it } from '@jest/globals';
import {
  formatCheckpoint,
  logVerifierKey,
  noteSigner,
  parsePolicy,
  signNote,
  witnessVerifierKey,
} from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { grownLog } from './grown-log.ts';
import { newWitness, signedLog } from './signed-logs.ts';

const LOG = signedLog('vault.example/access');
const OTHER_LOG = signedLog('vault.example/control');
const [X1, X2, X3, Y1, Y2] = ['x1', 'x2', 'x3', 'y1', 'y2'].map((name) =>
  newWitness(`${name}.example`),
) as [
  ReturnType<typeof newWitness>,
  ReturnType<typeof newWitness>,
  ReturnType<typeof newWitness>,
  ReturnType<typeof newWitness>,
  ReturnType<typeof newWitness>,
];
const CHECKPOINT = LOG.checkpointAt(9);

const WITNESSES = `
log ${LOG.vkey}
witness X1 ${X1.vkey}
witness X2 ${X2.vkey} https://x2.example/
witness X3 ${X3.vkey}
witness Y1 ${Y1.vkey}
witness Y2 ${Y2.vkey}
`;
// The example of C2SP tlog-policy: two of one organisation and one of the other.
const TWO_LEVELS = `# who must have seen it
${WITNESSES}
group X-witnesses 2 X1 X2 X3
\tgroup  Y-witnesses\tany Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

function cosigned(...witnesses: (typeof X1)[]): string {
  return (
    CHECKPOINT + witnesses.map((witness) => witness.cosign(CHECKPOINT, 1_900_000_000)).join('')
  );
}

describe('accepting a checkpoint by policy', () => {
  const policy = parsePolicy(TWO_LEVELS);

  it('needs the log and a quorum of every group', () => {
    expect(policy.verify(cosigned(X1, X3, Y2))).toMatchObject({
      origin: LOG.origin,
      size: 9,
      cosigned: ['X1', 'X3', 'Y2'].map((witness) => ({ witness, timestamp: 1_900_000_000 })),
    });
    expect(policy.verify(cosigned(X1, X2, X3, Y1, Y2)).cosigned).toHaveLength(5);
    for (const few of [[], [X1], [X1, X2], [X1, X2, X3], [Y1, Y2], [X1, Y1, Y2]]) {
      expect(failureOf(() => policy.verify(cosigned(...few)))).toBe('quorum-missing');
    }
  });

  it('counts a witness once, however often it signed', () => {
    expect(failureOf(() => policy.verify(cosigned(X1, X1, X1, Y1)))).toBe('quorum-missing');
    const again = cosigned(X1, Y1) + X1.cosign(CHECKPOINT, 1_900_000_001);
    expect(failureOf(() => policy.verify(again))).toBe('quorum-missing');
  });

  it('refuses the note when a listed witness’s line does not hold', () => {
    const stale = X3.cosign(LOG.checkpointAt(8), 1);
    expect(failureOf(() => policy.verify(cosigned(X1, X2, Y1) + stale))).toBe('signature-invalid');
  });

  it('refuses witnesses without the log', () => {
    const text = CHECKPOINT.slice(0, CHECKPOINT.indexOf('—'));
    const lines = cosigned(X1, X2, Y1).slice(CHECKPOINT.length);
    expect(failureOf(() => policy.verify(text + lines))).toBe('unsigned');
  });

  it('refuses a log that is not listed, or not the expected one', () => {
    expect(failureOf(() => policy.verify(OTHER_LOG.checkpointAt(9)))).toBe('origin-mismatch');
    const note = cosigned(X1, X2, Y1);
    expect(policy.verify(note, { origin: LOG.origin }).size).toBe(9);
    expect(failureOf(() => policy.verify(note, { origin: OTHER_LOG.origin }))).toBe(
      'origin-mismatch',
    );
  });

  it('does not let one listed log speak for another', () => {
    const two = parsePolicy(`log ${LOG.vkey}\nlog ${OTHER_LOG.vkey}\nquorum none\n`);
    const text = formatCheckpoint({ origin: OTHER_LOG.origin, size: 9, root: grownLog(9).root });
    expect(failureOf(() => two.verify(signNote(text, [LOG.signer])))).toBe('unsigned');
    expect(two.verify(signNote(text, [OTHER_LOG.signer])).origin).toBe(OTHER_LOG.origin);
  });

  it('accepts either key of a log whose key was changed', () => {
    const renewed = signedLog(LOG.origin);
    const both = parsePolicy(`log ${LOG.vkey}\nlog ${renewed.vkey}\nquorum none\n`);
    expect(both.verify(LOG.checkpointAt(3)).size).toBe(3);
    expect(both.verify(renewed.checkpointAt(4)).size).toBe(4);
    expect(both.openSigned(LOG.checkpointAt(3)).size).toBe(3);
    expect(both.openSigned(renewed.checkpointAt(4)).size).toBe(4);
  });

  it('opens what no witness has seen, where the log alone is asked for', () => {
    expect(policy.openSigned(CHECKPOINT)).toMatchObject({ origin: LOG.origin, size: 9 });
    expect(failureOf(() => policy.openSigned(CHECKPOINT, { origin: OTHER_LOG.origin }))).toBe(
      'origin-mismatch',
    );
    expect(failureOf(() => policy.openSigned(OTHER_LOG.checkpointAt(9)))).toBe('origin-mismatch');
    const text = CHECKPOINT.slice(0, CHECKPOINT.indexOf('—'));
    const witnessed = text + cosigned(X1, X2, Y1).slice(CHECKPOINT.length);
    expect(failureOf(() => policy.openSigned(witnessed))).toBe('unsigned');
  });

  it('accepts nothing when no log is listed', () => {
    expect(failureOf(() => parsePolicy('quorum none').verify(CHECKPOINT))).toBe('origin-mismatch');
  });

  it('asks a single witness where the quorum names one', () => {
    const single = parsePolicy(`${WITNESSES}quorum Y1\n`);
    expect(single.verify(cosigned(Y1)).size).toBe(9);
    expect(failureOf(() => single.verify(cosigned(X1, X2, X3, Y2)))).toBe('quorum-missing');
  });
});

describe('many logs under one line', () => {
  const BELOW = `${LOG.origin}/6c1f`;
  const text = formatCheckpoint({ origin: BELOW, size: 9, root: grownLog(9).root });
  const note = signNote(text, [noteSigner(BELOW, LOG.privateKey)]);
  const wide = parsePolicy(`log ${LOG.vkey}\nquorum none\n`, { origins: 'key-name-or-below' });

  it('accepts an origin directly below the name, signed under that origin', () => {
    expect(wide.verify(note).origin).toBe(BELOW);
    expect(wide.logKeysOf(BELOW).map(({ name }) => name)).toEqual([BELOW]);
  });

  it('is off unless asked for', () => {
    expect(failureOf(() => parsePolicy(`log ${LOG.vkey}\nquorum none\n`).verify(note))).toBe(
      'origin-mismatch',
    );
  });

  it('does not reach further down, beside, or to no name', () => {
    for (const origin of [
      `${BELOW}/x`,
      `${LOG.origin}/`,
      `${LOG.origin}x`,
      `${LOG.origin}/a b`,
      'vault.example',
    ]) {
      expect(wide.logKeysOf(origin)).toEqual([]);
    }
  });

  it('does not reach an origin that another line names', () => {
    const named = signedLog(BELOW);
    const both = parsePolicy(`log ${LOG.vkey}\nlog ${named.vkey}\nquorum none\n`, {
      origins: 'key-name-or-below',
    });
    expect(failureOf(() => both.verify(note))).toBe('unsigned');
    expect(both.verify(named.checkpointAt(2)).origin).toBe(BELOW);
  });
});

describe('the format of a policy', () => {
  it.each([
    ['no quorum', WITNESSES],
    ['two quorums', `${WITNESSES}quorum X1\nquorum X1\n`],
    ['a quorum of a name that is not defined', `${WITNESSES}quorum X4\n`],
    ['a quorum before its witness', `quorum X1\n${WITNESSES}`],
    ['a group before its members', `group g any X1\n${WITNESSES}quorum g\n`],
    ['a group of itself', `${WITNESSES}group g any g\nquorum g\n`],
    ['a group without members', `${WITNESSES}group g any\nquorum none\n`],
    ['none as a member', `${WITNESSES}group g any none\nquorum g\n`],
    ['none as a name', `witness none ${X1.vkey}\nquorum none\n`],
    ['a threshold of zero', `${WITNESSES}group g 0 X1 X2\nquorum g\n`],
    ['a threshold above the members', `${WITNESSES}group g 3 X1 X2\nquorum g\n`],
    ['a threshold with a leading zero', `${WITNESSES}group g 01 X1 X2\nquorum g\n`],
    ['a threshold that is no number', `${WITNESSES}group g some X1 X2\nquorum g\n`],
    ['a member twice in a group', `${WITNESSES}group g 2 X1 X1\nquorum g\n`],
    ['a member of two groups', `${WITNESSES}group g any X1\ngroup h all X1 X2\nquorum h\n`],
    ['a name twice', `${WITNESSES}witness X1 ${newWitness('w.example').vkey}\nquorum none\n`],
    ['a group with the name of a witness', `${WITNESSES}group X1 any X2\nquorum X1\n`],
    ['a witness key twice', `${WITNESSES}witness Z ${X1.vkey}\nquorum none\n`],
    [
      'a witness key under two names',
      `${WITNESSES}witness Z ${witnessVerifierKey('z.example', X1.privateKey)}\nquorum none\n`,
    ],
    ['a log key twice', `${WITNESSES}log ${LOG.vkey}\nquorum none\n`],
    [
      'a log key under two names',
      `${WITNESSES}log ${logVerifierKey('b.example', LOG.privateKey)}\nquorum none\n`,
    ],
    ['a witness key for a log', `log ${X1.vkey}\nquorum none\n`],
    ['a log key for a witness', `witness X1 ${LOG.vkey}\nquorum X1\n`],
    ['an unknown line', `${WITNESSES}trust me\nquorum none\n`],
    ['a keyword in capitals', `${WITNESSES}Quorum none\n`],
    ['a property of every object', `${WITNESSES}constructor X1\nquorum none\n`],
    ['a word too many', `${WITNESSES}quorum X1 X2\n`],
    ['a word too few', `${WITNESSES}quorum\n`],
    ['a carriage return', `${WITNESSES}quorum none\r\n`],
  ])('does not allow %s', (_, text) => {
    expect(failureOf(() => parsePolicy(text))).toBe('malformed-policy');
  });

  it('does not allow a key that is none', () => {
    expect(failureOf(() => parsePolicy(`log ${LOG.vkey}x\nquorum none\n`))).toBe('malformed-key');
    expect(failureOf(() => parsePolicy('witness X1 key\nquorum none\n'))).toBe('malformed-key');
  });

  it('keeps the addresses of the lines', () => {
    const policy = parsePolicy(TWO_LEVELS);
    expect(policy.witnesses.get('X2')?.url).toBe('https://x2.example/');
    expect(policy.logs.map(({ url }) => url)).toEqual([undefined]);
  });

  it('takes spaces that are not ASCII for part of a word', () => {
    expect(failureOf(() => parsePolicy(`${WITNESSES}quorum\u3000none\n`))).toBe('malformed-policy');
  });
});
