import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeEntry } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import {
  formatCheckpoint,
  growTree,
  leafHash,
  newLogKey,
  noteSigner,
  parsePolicy,
  signNote,
  writeTiles,
} from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import { readCertificate, verifyCertificate } from '../src/index.ts';
import type { CertificateItem } from '../src/index.ts';
import { START, disposedWorld, tenantId } from './certificate-world.ts';
import type { World } from './certificate-world.ts';

const access = newLogKey('test/access');
let world: World;
let jws: string;
let items: CertificateItem[];

beforeAll(async () => {
  world = await disposedWorld({ stored: 20, disposed: [0, 1, 2, 3] });
  ({ jws } = await world.issue());
  ({ items } = readCertificate(jws).certificate);
});

const blank: AccessEntry = {
  v: 1,
  k: 'intent',
  t: START,
  n: '',
  rid: '',
  ten: tenantId,
  rec: '',
  op: 'disclose',
  iss: 'https://id.example',
  sub: '',
  act: '',
  x5t: '',
  tok: '',
  rqh: '',
  pur: 'TAX-WITHHOLD',
  case: 'PAYROLL-2026-12',
  pol: '1',
  dec: 'allow',
  cnt: 1,
};
const entry = (members: Partial<AccessEntry>): AccessEntry => ({
  ...blank,
  n: randomBytes(16).toString('base64url'),
  ...members,
});

/** One request for one record, and how it ended. */
function request(who: { act: string; sub: string; rec: string }, dec: string): AccessEntry[] {
  const rid = randomUUID();
  return [entry({ ...who, rid }), entry({ ...who, rid, k: 'outcome', dec })];
}

/** What a log says that agrees with the certificate. */
const agreeing = (): AccessEntry[] =>
  items.flatMap(({ recordId: rec, egress }) =>
    egress.recipients.flatMap(({ act, sub, count }) =>
      Array.from({ length: count }, () => request({ act, sub, rec }, 'delivered')).flat(),
    ),
  );

async function published(entries: readonly AccessEntry[]): Promise<FetchFile> {
  const bytes = entries.map(encodeEntry);
  const tree = growTree(
    0,
    [],
    bytes.map((one) => leafHash(one)),
  );
  const origin = 'test/access/one';
  const note = formatCheckpoint({ origin, size: tree.size, root: tree.root });
  const files = new Map<string, Uint8Array>();
  await writeTiles({
    entries: bytes,
    put: async (path, file) => void files.set(path, file),
    checkpoint: signNote(note, [noteSigner(origin, access.privateKey)]),
  });
  return async (path) => files.get(path);
}

async function judged(entries: readonly AccessEntry[]) {
  // An access log is read with the witnesses its policy asks for: here none.
  const text = world.policyText.replace('quorum one', 'quorum none');
  const policy = parsePolicy(`log ${access.vkey}\n${text}`, { origins: 'key-name-or-below' });
  const accessLog = await published(entries);
  const { claims } = await verifyCertificate(jws, { policy, accessLog });
  const { verdict, findings = [], note } = claims.find(({ id }) => id === 'P5') ?? {};
  return { verdict, codes: [...new Set(findings.map(({ code }) => code))], note };
}

const someone = () => ({ act: 'payroll', sub: 'operator-1', rec: items[1]?.recordId as string });

describe('comparing the releases of a certificate with the access log', () => {
  it('passes when both say the same, and says how far the log goes', async () => {
    const { verdict, codes, note } = await judged(agreeing());
    expect([verdict, codes]).toEqual(['PASS', []]);
    expect(note?.en).toContain(new Date(START).toISOString());
  });

  it('passes over requests that were refused or failed, and over other records', async () => {
    const others = [
      ...request(someone(), 'deny:record-disposed'),
      ...request(someone(), 'failed'),
      ...request({ ...someone(), rec: randomUUID() }, 'delivered'),
      entry({ ...someone(), k: 'deny', dec: 'deny:not-assigned' }),
    ];
    expect(await judged([...agreeing(), ...others])).toMatchObject({ verdict: 'PASS' });
  });

  it('cannot tell of a request whose end is unknown, and holds it against nobody', async () => {
    const unknown = request(someone(), 'unknown');
    expect(await judged([...agreeing(), ...unknown])).toMatchObject({ verdict: 'PASS' });
    const [intent, outcome] = agreeing() as [AccessEntry, AccessEntry];
    const open = [intent, { ...outcome, dec: 'unknown' }, ...agreeing().slice(2)];
    expect(await judged(open)).toMatchObject({ verdict: 'PASS' });
  });

  it('passes when the vault remembers a request that it refused after all', async () => {
    const [intent, outcome] = agreeing() as [AccessEntry, AccessEntry];
    const refused = [intent, { ...outcome, dec: 'deny:not-permitted' }, ...agreeing().slice(2)];
    expect(await judged(refused)).toMatchObject({ verdict: 'PASS' });
  });

  it('takes a refusal of one record out of a batch, whether told before or after the rest', async () => {
    const [one, two] = [items[1], items[2]].map((item) => item?.recordId as string);
    for (const refusedLast of [true, false]) {
      const rid = randomUUID();
      const who = { act: 'payroll', sub: 'operator-3', rid };
      const whole = entry({ ...who, k: 'outcome', dec: 'delivered' });
      const refused = entry({
        ...who,
        k: 'outcome',
        rec: two as string,
        dec: 'deny:not-permitted',
      });
      const intents = [one, two].map((rec) => entry({ ...who, rec: rec as string }));
      const outcomes = refusedLast ? [whole, refused] : [refused, whole];
      const { codes } = await judged([...agreeing(), ...intents, ...outcomes]);
      expect(codes).toEqual(['egress-incomplete']);
      const without = await judged([...agreeing(), intents[1] as AccessEntry, ...outcomes]);
      expect(without.verdict).toBe('PASS');
    }
  });

  it.each<[string, () => AccessEntry[], string]>([
    [
      'a release the certificate does not state',
      () => [...agreeing(), ...request(someone(), 'delivered')],
      'egress-incomplete',
    ],
    [
      'a release to somebody else',
      () => [...agreeing(), ...request({ ...someone(), sub: 'operator-9' }, 'delivered')],
      'egress-incomplete',
    ],
    ['a release the log does not have', () => agreeing().slice(2), 'egress-unlogged'],
    [
      'the log of another tenant',
      () => agreeing().map((one) => ({ ...one, ten: 't-002' })),
      'log-other',
    ],
    ['an empty log', () => [], 'nothing-checked'],
  ])('finds %s', async (_, entries, code) => {
    const { verdict, codes } = await judged(entries());
    expect(verdict).toBe('FAIL');
    expect(codes).toContain(code);
  });
});
