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
import {
  certificatePage,
  issueCertificate,
  readCertificate,
  signCertificate,
  verifyCertificate,
} from '../src/index.ts';
import type { CertificateItem } from '../src/index.ts';
import { START, disposedWorld, tenantId } from './certificate-world.ts';
import type { World } from './certificate-world.ts';

const access = newLogKey('test/access');
let world: World;
let jws: string;
let items: CertificateItem[];

async function certified(options: { restored?: boolean } = {}): Promise<void> {
  world = await disposedWorld({ stored: 20, disposed: [0, 1, 2, 3], ...options });
  ({ jws } = await world.issue());
  ({ items } = readCertificate(jws).certificate);
}

beforeAll(() => certified());

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

describe('a certificate that says what a restore may have lost', () => {
  const MINUTE = 60_000;
  let restoredAt: number;
  beforeAll(async () => {
    await certified({ restored: true });
    restoredAt = Date.parse(items[0]?.egress.mayLackBefore as string);
  });

  /** Somebody's look at the log, a while after the restore. */
  const looked = () => entry({ op: 'view-log', k: 'intent', t: restoredAt + 30 * MINUTE });
  const lost = (t = START) => request(someone(), 'delivered').map((one) => ({ ...one, t }));

  it('is not proved by itself, and says why', async () => {
    const policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
    const { ok, claims } = await verifyCertificate(jws, { policy });
    const claim = claims.find(({ id }) => id === 'P5');
    expect([ok, claim?.verdict]).toEqual([true, 'NOT CHECKED']);
    expect(claim?.note?.ja).toContain('4件の記録について');
    expect(claim?.note?.en).toContain(`releases before ${new Date(restoredAt).toISOString()}`);
  });

  it('is told, and not blamed for, the releases from before the restore that only the log has', async () => {
    const { verdict, codes, note } = await judged([...agreeing(), ...lost(), ...lost(), looked()]);
    expect([verdict, codes]).toEqual(['NOT CHECKED', []]);
    expect(note?.en).toContain('2 releases of 1 records that the certificate lacks');
  });

  it('passes where the log reaches behind the restore and has no more, and still says what was doubtful', async () => {
    const { verdict, note } = await judged([...agreeing(), looked()]);
    expect(verdict).toBe('PASS');
    expect(note?.en).toContain('was restored from a backup');
    expect(note?.en).toContain('no release that the certificate lacks');
  });

  it('is not proved by a log that ends before the restore', async () => {
    const { verdict, codes, note } = await judged(agreeing());
    expect([verdict, codes]).toEqual(['NOT CHECKED', []]);
    expect(note?.en).toContain('ends before that instant');
  });

  it('fails for a release after the restore that it does not state', async () => {
    const after = restoredAt + 20 * MINUTE;
    const other = request({ ...someone(), sub: 'operator-9' }, 'delivered');
    const later = other.map((one) => ({ ...one, t: after }));
    const { verdict, codes } = await judged([...agreeing(), ...later, looked()]);
    expect([verdict, codes]).toEqual(['FAIL', ['egress-incomplete']]);
  });

  it('fails for a release that the log does not have', async () => {
    const { verdict, codes } = await judged([...agreeing().slice(2), looked()]);
    expect([verdict, codes]).toEqual(['FAIL', ['egress-unlogged']]);
  });

  it('excuses nothing by a restore that the control log does not know', async () => {
    const policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
    const { fetch: controlLog } = await world.log.publish();
    const verdictOf = async (file: string) => {
      const { claims } = await verifyCertificate(file, { policy, controlLog });
      const { verdict, findings } = claims.find(({ id }) => id === 'P6') ?? {};
      return [verdict, ...new Set(findings?.map(({ code }) => code))];
    };
    expect(await verdictOf(jws)).toEqual(['PASS']);
    const invented = await issuedWith(restoredAt + 60 * MINUTE);
    expect(await verdictOf(invented)).toEqual(['FAIL', 'restore-unlogged']);
  });

  it('is not issued for a restore after the erasure, nor read with anything but an instant', async () => {
    await expect(issuedWith(world.log.now() + 60 * MINUTE)).rejects.toThrow('egress-inconsistent');
    const { certificate } = readCertificate(jws);
    for (const wrong of [null, '', restoredAt, undefined]) {
      const spoilt = items.map((item) => ({
        ...item,
        egress: { ...item.egress, mayLackBefore: wrong as unknown as string },
      }));
      const signing = signCertificate({ ...certificate, items: spoilt }, world.certificateKey);
      await expect(signing).rejects.toThrow('mayLackBefore');
    }
  });

  it('says so to a reader, and of no record that it was never released', () => {
    const page = certificatePage(readCertificate(jws).certificate, { digest: '' });
    expect(page).toContain('金庫のデータベースは控えから復元された');
    expect(page).toContain('<td>≥ 0</td>');
    expect(page).not.toContain('never released');
  });

  /** A certificate of the same world that states another instant. */
  async function issuedWith(mayLackBefore: number): Promise<string> {
    const policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
    const sources = await world.sources();
    const others = world.items.map((item) => ({
      ...item,
      egress: { ...item.egress, mayLackBefore },
    }));
    const changed = { ...sources, items: others };
    return (await issueCertificate(changed, { privateKey: world.certificateKey, policy })).jws;
  }
});
