import { randomBytes } from 'node:crypto';
import { encodeEntry } from '@mnv/protocol';
import type { AccessEntry, Receipt } from '@mnv/protocol';
import {
  formatCheckpoint,
  growTree,
  leafHash,
  newLogKey,
  noteSigner,
  rangeProofSync,
  signNote,
} from '@mnv/transparency-log';
import type { Edge } from '@mnv/transparency-log';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** A real log in memory: it signs and proves what it is given, true or not. */
export function smallLog(deployment = 'test/access') {
  const origin = `${deployment}/${randomBytes(4).toString('hex')}`;
  const { privateKey, vkey } = newLogKey(deployment);
  let [size, edge]: [number, Edge] = [0, []];

  const append = (entries: AccessEntry[]): Receipt => {
    const bytes = entries.map(encodeEntry);
    const first = size;
    const tree = growTree(
      size,
      edge,
      bytes.map((entry) => leafHash(entry)),
    );
    [size, edge] = [tree.size, tree.edge];
    const proof = rangeProofSync(first, entries.length, { size, nodeAt: tree.nodeAt });
    const text = formatCheckpoint({ origin, size, root: tree.root });
    return {
      first,
      n: entries.length,
      entries: bytes.map(base64),
      proof: proof.map(base64),
      checkpoint: signNote(text, [noteSigner(origin, privateKey)]),
    };
  };
  return { append, trustPolicy: `log ${vkey}\nquorum none\n` };
}

/** An entry of one intended release. */
export function intent(members: Partial<AccessEntry>): AccessEntry {
  return {
    v: 1,
    k: 'intent',
    t: Date.now(),
    n: randomBytes(16).toString('base64url'),
    rid: '',
    ten: 't-001',
    rec: '',
    op: 'disclose',
    iss: 'https://localhost',
    sub: 'operator-1',
    act: 'payroll',
    x5t: '',
    tok: '',
    rqh: '',
    pur: '',
    case: '',
    pol: '1',
    dec: 'allow',
    cnt: 1,
    ...members,
  };
}
