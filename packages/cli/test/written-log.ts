import { randomBytes, randomUUID } from 'node:crypto';
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
  writeTiles,
} from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';

/** The key that signs a deployment's logs, and the policy by which an auditor trusts it. */
export function logSigner(deployment = 'test/access') {
  const { privateKey, vkey } = newLogKey(deployment);
  return { deployment, privateKey, trustPolicy: `log ${vkey}\nquorum none\n` };
}
export type LogSigner = ReturnType<typeof logSigner>;

/** A log as its operator, honest or not, writes it: any bytes as entries, a true tree and signature over them. */
export async function writtenLog(
  entries: readonly Uint8Array[],
  signer: LogSigner,
  origin = `${signer.deployment}/one`,
) {
  const tree = growTree(
    0,
    [],
    entries.map((entry) => leafHash(entry)),
  );
  const note = formatCheckpoint({ origin, size: tree.size, root: tree.root });
  const checkpoint = signNote(note, [noteSigner(origin, signer.privateKey)]);
  const files = new Map<string, Uint8Array>();
  const put = async (path: string, bytes: Uint8Array) => void files.set(path, bytes);
  await writeTiles({ entries, put, checkpoint });
  const receipt = (first: number, n: number): Receipt => ({
    first,
    n,
    entries: entries.slice(first, first + n).map(base64),
    proof: rangeProofSync(first, n, { size: tree.size, nodeAt: tree.nodeAt }).map(base64),
    checkpoint,
  });
  return { files, checkpoint, receipt, origin, size: tree.size, root: tree.root };
}
export type WrittenLog = Awaited<ReturnType<typeof writtenLog>>;

/** Reads a log from memory, and `changed` in the place of some of its files (undefined: the file is gone). */
export function fetching(
  files: ReadonlyMap<string, Uint8Array>,
  changed: Readonly<Record<string, Uint8Array | undefined>> = {},
): FetchFile {
  return async (path) => (path in changed ? changed[path] : files.get(path));
}

/** Requests as the proxy records them: intents together, then outcomes, here and there another act. */
export function recordedRequests(count: number): AccessEntry[] {
  let t = Date.parse('2026-12-10T00:00:00Z');
  const entries: AccessEntry[] = [];
  while (entries.length < count) {
    const rid = randomUUID();
    const refused = randomUUID();
    for (const rec of [randomUUID(), randomUUID(), refused]) entries.push(entry({ t, rid, rec }));
    t += 5;
    entries.push(entry({ k: 'outcome', t, rid, dec: 'delivered', cnt: 2 }));
    entries.push(entry({ k: 'outcome', t, rid, rec: refused, dec: 'deny:record-not-found' }));
    entries.push(entry({ k: 'act', t: t + 1, rid: randomUUID(), op: 'view-report', pur: '' }));
    t += 1_000;
  }
  return entries.slice(0, count);
}

export function entry(members: Partial<AccessEntry>): AccessEntry {
  return {
    v: 1,
    k: 'intent',
    t: 0,
    n: randomBytes(16).toString('base64url'),
    rid: '',
    ten: 't-001',
    rec: '',
    op: 'disclose',
    iss: 'https://localhost',
    sub: 'operator-1',
    act: 'payroll',
    x5t: randomBytes(32).toString('base64url'),
    tok: randomBytes(32).toString('base64url'),
    rqh: randomBytes(32).toString('base64url'),
    pur: 'TAX-WITHHOLD',
    case: 'PAYROLL-2026-12',
    pol: '1',
    dec: 'allow',
    cnt: 1,
    ...members,
  };
}

export const encoded = (entries: readonly AccessEntry[]): Buffer[] => entries.map(encodeEntry);

/** The same bytes with one bit turned. */
export function withBitTurned(bytes: Uint8Array, bit: number): Uint8Array {
  const turned = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8) % bytes.length;
  turned[at] = (turned[at] ?? 0) ^ (1 << (bit % 8));
  return turned;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
