import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisposalBatch, LawTables, RegisterKind } from '@mnv/client';
import { REGISTER_KINDS } from '@mnv/client';
import { legalDayOf } from '@mnv/core';
import { leakTripwire, makeIndividualNumber, readPdf } from '@mnv/testing';
import type { DisposalWorld } from '../disposing/disposal-world.ts';
import { startDisposalWorld } from '../disposing/disposal-world.ts';
import { commandLine, mynumber, printedBy } from './mynumber.ts';

const today = legalDayOf(Date.now());
const period = { from: '2026-01-01', to: '2099-12-31' };
const place = mkdtempSync(join(tmpdir(), 'records-'));
let world: DisposalWorld;
let disposed: DisposalBatch;

beforeAll(async () => {
  world = await startDisposalWorld();
  const { batch } = await world.approved(2);
  disposed = batch;
  await world.people.requester.disposals.order(batch);
  await world.whenState(batch, 'certified');
});
afterAll(async () => {
  await world.stop();
  rmSync(place, { recursive: true });
});

type Options = Record<string, string | true>;
const command = (words: string, as: string, more: Options = {}) =>
  commandLine(words, {
    tenant: 't-001',
    as,
    client: 'payroll',
    endpoints: world.system.endpointsFile,
    ...more,
  });
const printed = (words: string, as: string, more: Options = {}) =>
  printedBy(command(words, as, more));
const json = async <T>(words: string, as: string, more: Options = {}) =>
  JSON.parse(await printed(words, as, { json: true, ...more })) as T;
/** How it ends, and what it says of that. */
const refusal = async (words: string, as: string, more: Options = {}) => {
  const { exitCode, err } = await mynumber(command(words, as, more));
  return [exitCode, err] as const;
};
const file = (name: string, text: string) => {
  writeFileSync(join(place, name), text);
  return join(place, name);
};

describe('mynumber carried (持ち運び)', () => {
  const HEADS = 'id,on,what,people,medium,protections,carrier,from,to';
  const row = (id: string, what: string) =>
    `${id},2026-11-20,${what},120,paper,sealed-envelope|locked-case,総務課 佐藤,本社,倉庫`;

  it('takes the record from a file, names rows it cannot take, and tells nothing twice', async () => {
    const number = makeIndividualNumber();
    const csv = file(
      'carried.csv',
      `${HEADS}\n${row('c-1', '申告書の控え')}\n${row('c-2', number)}\n`,
    );
    for (const _time of ['first', 'second']) {
      const { exitCode, out } = await mynumber(command(`carried import ${csv}`, 'operator-1'));
      expect([exitCode, out]).toEqual([
        3,
        expect.stringContaining('行 / rows 2, 不受理 / rejected 1'),
      ]);
      expect(out).toContain('行 / line 3: Mend: what.');
    }
  });

  it('records who received it, once', async () => {
    const received = { kind: 'received', on: '2026-11-21', remark: '倉庫 田中' };
    expect(await printed('carried end c-1', 'operator-1', received)).toContain('recorded');
    const other = { ...received, kind: 'withdrawn' };
    const [exitCode, err] = await refusal('carried end c-1', 'operator-1', other);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('event-contradicts')]);
  });
});

describe('mynumber subcontractor (委託先の証明)', () => {
  it('notes a deletion, and takes in the digest of the file that proves it', async () => {
    const deletion = { name: '株式会社倉庫', what: '書類 12 箱の溶解', due: '2026-11-30' };
    const { deletionId } = await json<{ deletionId: string }>(
      'subcontractor note',
      'requester-1',
      deletion,
    );
    const proof = file('proof.pdf', 'a proof');
    const received = { file: proof, issuer: '株式会社倉庫', date: '2026-11-23' };
    const words = `subcontractor proof ${deletionId}`;
    expect(await printed(words, 'requester-1', received)).toContain('taken in');

    const auditor = world.as('auditor-1');
    const digest = createHash('sha256').update('a proof').digest('hex');
    expect(await auditor.retention.subcontractorDeletions()).toMatchObject([
      { dueOn: '2026-11-30', certificates: [{ fileSha256: digest, kind: 'certificate' }] },
    ]);
    const [usage] = await refusal(words, 'requester-1', { ...received, kind: 'promise' });
    expect(usage).toBe(2);
  });
});

describe('mynumber disposal certificates, acknowledge', () => {
  type Certificates = {
    certificates: { disposalId: string; hash: string; deliveries: object[] }[];
  };
  const listed = (state: string) =>
    json<Certificates>('disposal certificates', 'auditor-1', { state });
  const acknowledge = (as: string, hash: string) =>
    refusal(`disposal acknowledge ${disposed.disposalId}`, as, { hash });

  it('tell which certificate nobody has, who was handed it, and who has acknowledged it', async () => {
    const [undelivered] = (await listed('undelivered')).certificates;
    expect(undelivered).toMatchObject({ disposalId: disposed.disposalId, deliveries: [] });
    const hash = undelivered?.hash ?? '';
    expect(await acknowledge('approver-1', hash)).toEqual([
      1,
      expect.stringContaining('certificate-undelivered'),
    ]);

    const to = join(place, 'certificate.jws');
    await printed(`disposal certificate ${disposed.disposalId}`, 'approver-1', { to });
    expect(await printedBy(commandLine(`certificate show ${to}`, {}))).toContain(hash);
    expect((await listed('undelivered')).certificates).toEqual([]);
    expect((await listed('unacknowledged')).certificates).toHaveLength(1);

    const other = createHash('sha256').update('another').digest('base64url');
    expect(await acknowledge('approver-1', other)).toEqual([
      1,
      expect.stringContaining('batch-mismatch'),
    ]);
    expect(await acknowledge('approver-1', hash)).toEqual([0, '']);
    expect((await listed('unacknowledged')).certificates).toEqual([]);
    const words = await printed('disposal certificates', 'auditor-1');
    expect(words).toContain(world.subjectOf('approver-1'));
  });
});

describe('mynumber law', () => {
  it('has a version in use once two people have signed it and what it would do', async () => {
    const law = JSON.parse(await printed('retention law', 'requester-1')) as { version: string };
    const next = file('law.json', JSON.stringify({ ...law, version: '2026-12-31' }));
    const { digest } = await json<{ digest: string }>(`law load ${next}`, 'requester-1');
    const simulated = await json<{ simulationId: string; table: string; digest: string }>(
      `retention simulate ${digest}`,
      'requester-1',
    );
    expect(simulated.table).toBe(digest);
    const { adoptionId } = await json<{ adoptionId: string }>(
      `law propose ${simulated.simulationId}`,
      'requester-1',
      { from: today, reason: '法令改正のため' },
    );
    const signed = { table: digest, simulation: simulated.digest };
    const confirm = `law confirm ${adoptionId}`;
    expect(await refusal(confirm, 'requester-1', signed)).toEqual([
      1,
      expect.stringContaining('second-person-required'),
    ]);
    const other = { ...signed, simulation: digest };
    expect((await refusal(confirm, 'approver-1', other))[1]).toContain('batch-mismatch');
    expect(await printed(confirm, 'approver-1', signed)).toContain('signed off');

    expect(await json<LawTables>('law list', 'approver-1')).toMatchObject({ inUse: digest });
    const words = await printed('law list', 'approver-1');
    expect(words).toMatch(/2026-12-31 +\*/);
    expect(words).toContain(adoptionId);
  });

  it('takes no file that is no law table, and says so without repeating it', async () => {
    const number = makeIndividualNumber();
    const bad = file('bad.json', `{"version":"${number}"}`);
    const [exitCode, err] = await refusal(`law load ${bad}`, 'requester-1');
    expect([exitCode, err.includes(number)]).toEqual([1, false]);
  });
});

describe('mynumber register', () => {
  const made = async (kind: RegisterKind, format: 'application/pdf' | 'text/csv') => {
    const auditor = world.as('auditor-1');
    return Buffer.concat(
      await Array.fromAsync(auditor.exportRegister({ kind, ...period, format })),
    );
  };

  it.each([
    ['files', ['給与所得の源泉徴収票・給与支払報告書作成事務', '佐藤 美咲', '鈴木 大輔']],
    ['handlers', ['佐藤 美咲', 'なし（有効な研修がない）']],
    ['disposals', ['LEAVERS-2026-12', '申請者', 'certified']],
    ['certificates', ['LEAVERS-2026-12', '受領を確認した者']],
    ['carried', ['申告書の控え', '封緘・施錠できる搬送容器', '倉庫 田中']],
    ['subcontractors', ['書類 12 箱の溶解', '証明書']],
    ['refusals', ['該当なし（以上 0 件）']],
    ['uses', ['store', 'payroll']],
    ['system-use', ['export-register', '拒否された操作']],
  ] as const)('%s: as PDF and as CSV the same, without a number', async (kind, texts) => {
    const pages = readPdf(await made(kind, 'application/pdf'));
    const [pdf, csv] = [pages.flat().join(''), (await made(kind, 'text/csv')).toString('utf8')];
    leakTripwire().watch(`the register ${kind}`, `${pdf}\n${csv}`);
    for (const text of texts) {
      expect(pdf).toContain(text);
      if (kind !== 'refusals' && kind !== 'files') expect(csv).toContain(text);
    }
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(pages.at(-1)).toContain(`全 ${pages.length} ページ`);
  });

  it('has every kind tried', () => expect(REGISTER_KINDS).toHaveLength(9));

  it('names in the register of files who had access for each purpose, and when', async () => {
    const csv = (await made('files', 'text/csv')).toString('utf8');
    const row = csv.split('\r\n').find((line) => line.includes('TAX-WITHHOLD'));
    expect(row).toContain(`佐藤 美咲（${today}〜`);
    expect(row).not.toContain('鈴木 大輔');
  });

  it('names who asked for, approved and ordered a disposal', async () => {
    const csv = (await made('disposals', 'text/csv')).toString('utf8');
    const of = (...people: string[]) => people.map((one) => world.subjectOf(one)).join(' ');
    const [, row] = csv.split('\r\n');
    expect(row).toContain(
      `,${of('requester-1')},${of('approver-1', 'approver-2')},${of('requester-1')},`,
    );
  });

  it('writes files that are the reader’s alone, with who is responsible', async () => {
    const [out, pdf] = [join(place, 'files.csv'), join(place, 'files.pdf')];
    const kept = { responsible: '田中 健一', department: '人事部' };
    await printed('register files', 'auditor-1', { ...period, ...kept, out, pdf });
    expect(readPdf(readFileSync(pdf)).flat()).toEqual(
      expect.arrayContaining(['田中 健一', '人事部', 'アクセス権を有する者（事務取扱担当者）']),
    );
    expect(readFileSync(out, 'utf8')).toContain('田中 健一,人事部');
    for (const written of [out, pdf]) expect(statSync(written).mode & 0o777).toBe(0o600);
    expect((await refusal('register files', 'auditor-1', period))[0]).toBe(2);
  });

  it('leaves an entry in the name of whoever made it, and is refused to others', async () => {
    const before = (await world.entriesOf('t-001')).length;
    await made('carried', 'application/pdf');
    await made('uses', 'application/pdf');
    const entries = await world.entriesSince(before, 2);
    const sub = world.subjectOf('auditor-1');
    expect(entries).toMatchObject(Array(2).fill({ k: 'act', op: 'export-register', sub }));

    const pdf = join(place, 'refused.pdf');
    for (const kind of ['uses', 'carried']) {
      const refused = await refusal(`register ${kind}`, 'operator-1', { ...period, pdf });
      expect(refused).toEqual([1, expect.stringContaining('scope-missing')]);
    }
    expect(() => statSync(pdf)).toThrow('ENOENT');
  });

  it.each([
    ['another form', { headers: { accept: 'image/png' } }, 406, 'not-acceptable'],
    [
      'days out of order',
      { body: { from: '2026-02-01', to: '2026-01-01' } },
      400,
      'invalid-request',
    ],
    ['no period', { body: {} }, 400, 'invalid-request'],
    ['a responsible person', { body: { ...period, responsible: 'x' } }, 400, 'invalid-request'],
  ])('refuses %s, and says what to send', async (_what, sent, status, code) => {
    const token = await world.tokenOf('auditor-1');
    for (const [to, kind] of [
      ['proxy', 'uses'],
      ['disposal', 'carried'],
    ] as const) {
      const path = `/v1/tenants/t-001/registers/${kind}`;
      const got = await world.send({ path, to, token, body: period, ...sent });
      expect([kind, got.status, world.codeOf(got)]).toEqual([kind, status, code]);
    }
  });

  it('takes no name that holds a number, and repeats none', async () => {
    const responsible = makeIndividualNumber();
    const token = await world.tokenOf('auditor-1');
    const body = { ...period, responsible };
    const path = '/v1/tenants/t-001/registers/files';
    const got = await world.send({ path, to: 'disposal', token, body });
    expect([got.status, got.text.includes(responsible)]).toEqual([400, false]);
  });
});

it('mynumber assignment list shows an administrator who had access, and when', async () => {
  const words = await printed('assignment list', 'administrator-1', {
    ...period,
    client: 'administration',
  });
  expect(words).toMatch(new RegExp(`佐藤 美咲 .*${today}〜`));
});
