import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEntry } from '@mnv/protocol';
import { commandLine, mynumber } from '../command-line/mynumber.ts';
import { newRecord } from '../command-line/new-record.ts';
import type { World } from './world.ts';
import { PAYROLL, startWorld } from './world.ts';

let world: World;
const place = mkdtempSync(join(tmpdir(), 'copies-'));

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
  rmSync(place, { recursive: true });
});

const client = () => world.as('operator-1');
const copies = () => client().identityDocuments;
const pretendedPng = () =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(900)]);
const stored = async () =>
  (await client().storeRecord(newRecord(`D-${randomUUID().slice(0, 8)}`))).recordId;
async function keptCopy() {
  const recordId = await stored();
  const content = pretendedPng();
  const { documentId } = await copies().add({ recordId, check: 'I2', content });
  return { recordId, documentId, content };
}
const sizeOfLog = async () => (await world.entriesOf('t-001')).length;
const opsOf = (entries: { k: string; op: string; rec: string }[]) =>
  entries.map(({ k, op, rec }) => [k, op, rec]);

describe('a copy of an identity document', () => {
  it('goes in, is listed and comes out, each after an entry that names the record', async () => {
    const recordId = await stored();
    const content = pretendedPng();
    const before = await sizeOfLog();
    const kept = await copies().add({ recordId, check: 'I2', content });
    const { documentId } = kept;
    expect(await copies().list(recordId)).toEqual([kept]);
    const disclosed = await copies().disclose({ recordId, documentId, ...PAYROLL });
    expect(disclosed).toMatchObject({ recordId, documentId, mediaType: 'image/png', content });
    expect(opsOf(await world.entriesSince(before, 5))).toEqual([
      ['act', 'store-identity-document', recordId],
      ['act', 'list-identity-documents', recordId],
      ['intent', 'disclose-identity-document', recordId],
      ['intent', 'disclose-identity-document', documentId],
      ['outcome', 'disclose-identity-document', ''],
    ]);
    // The client has checked the receipt against the trust policy.
    const proven = disclosed.receipt.entries.map((bytes) =>
      decodeEntry(Buffer.from(bytes, 'base64')),
    );
    expect(proven.map(({ rec, pur, case: named }) => [rec, pur, named])).toEqual([
      [recordId, PAYROLL.purpose, PAYROLL.caseId],
      [documentId, PAYROLL.purpose, PAYROLL.caseId],
    ]);
    const { rows } = await world
      .as('compliance-officer-1')
      .reportAccess({ from: '2026-01-01', to: '2099-12-31' });
    const seen = rows.filter(({ record }) => record === recordId || record === documentId);
    expect(seen.filter(({ operation }) => operation === 'disclose-identity-document')).toHaveLength(
      2,
    );
  });

  it('needs a request that is signed for this act, this record and this copy; an attempt is an entry', async () => {
    const { recordId, documentId } = await keptCopy();
    const token = await world.tokenOf('operator-1');
    const path = '/v1/tenants/t-001/identity-document-disclosures';
    const body = { recordId, documentId };
    const ask = (operation: string, ids: string[]) =>
      world.send({
        path,
        token,
        body,
        headers: { 'mynumber-request': world.signed(ids, { operation }) },
      });
    const before = await sizeOfLog();
    const outcomes = [
      await ask('disclose', [recordId, documentId]),
      await ask('disclose-identity-document', [recordId]),
      await ask('disclose-identity-document', [documentId, recordId]),
      await world.send({ path, token, body }),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const entries = await world.entriesSince(before, 4);
    expect(entries.map(({ k, dec }) => [k, dec])).toEqual(
      Array(4).fill(['deny', 'deny:request-signature-invalid']),
    );
  });

  it('is refused to who is not trained, to another tenant, and through the door for numbers', async () => {
    const { recordId, documentId } = await keptCopy();
    const ask = { recordId, documentId, ...PAYROLL };
    await expect(world.as('operator-2').identityDocuments.disclose(ask)).rejects.toMatchObject({
      code: 'training-expired',
    });
    await expect(
      world
        .as('operator-2')
        .identityDocuments.add({ recordId, check: 'I2', content: pretendedPng() }),
    ).rejects.toMatchObject({ code: 'training-expired' });
    const token = await world.tokenOf('operator-1');
    const headers = {
      'mynumber-request': world.signed([recordId], { operation: 'disclose-identity-document' }),
    };
    const asNumber = { path: '/v1/tenants/t-001/disclosures', token, body: { recordId }, headers };
    expect((await world.send(asNumber)).status).toBe(401);
    const elsewhere = `/v1/tenants/t-002/records/${recordId}/identity-documents`;
    expect((await world.send({ path: elsewhere, token })).status).toBe(404);
    await expect(copies().disclose({ ...ask, purpose: 'SI-HP' })).rejects.toMatchObject({
      code: 'purpose-not-permitted',
    });
    await expect(copies().disclose({ ...ask, documentId: randomUUID() })).rejects.toMatchObject({
      code: 'document-not-found',
    });
  });

  it('is refused when it is no picture, telling what to mend and nothing of it', async () => {
    const recordId = await stored();
    const content = Buffer.from('<html>no picture');
    const refused = copies().add({ recordId, check: 'I2', content });
    await expect(refused).rejects.toMatchObject({ code: 'media-type-unsupported', status: 415 });
    const token = await world.tokenOf('operator-1');
    const { text } = await world.send({
      path: `/v1/tenants/t-001/records/${recordId}/identity-documents`,
      token,
      headers: { 'idempotency-key': randomUUID() },
      body: { check: 'I2', content: content.toString('base64') },
    });
    expect(text).not.toContain(content.toString('base64').slice(0, 8));
    const log = readFileSync(
      join(world.system.endpointsFile, '..', 'logs', 'access-proxy.log'),
      'utf8',
    );
    expect(log).not.toContain(content.toString('base64').slice(0, 8));
  });
});

describe('mynumber identity-document', () => {
  const run = (text: string, as = 'operator-1') =>
    mynumber(
      commandLine(text, {
        tenant: 't-001',
        as,
        endpoints: world.system.endpointsFile,
        json: true,
      }),
    );

  it('adds a file, lists it, and writes it into a new file of the owner alone', async () => {
    const recordId = await stored();
    const content = pretendedPng();
    const [file, out] = [join(place, 'front.png'), join(place, 'back.png')];
    writeFileSync(file, content);
    const added = await run(`identity-document add ${file} --record ${recordId} --check I2`);
    expect(added.exitCode).toBe(0);
    const { documentId } = JSON.parse(added.out) as { documentId: string };
    const listed = await run(`identity-document list --record ${recordId}`);
    expect(JSON.parse(listed.out)).toMatchObject({ documents: [{ documentId, check: 'I2' }] });
    const show = `identity-document show --record ${recordId} --document ${documentId} --purpose TAX-WITHHOLD --case CHECK-1 --out ${out}`;
    const shown = await run(show);
    expect(shown.exitCode).toBe(0);
    expect(shown.out).not.toContain(content.toString('base64').slice(0, 40));
    expect(readFileSync(out)).toEqual(content);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect((await run(show)).exitCode).toBe(1);
  });

  it('purges by the days of the tenant, and the register of disposals tells of it', async () => {
    const recordId = await stored();
    const content = pretendedPng();
    const today = new Date(Date.now() + 9 * 3_600_000);
    const verifiedOn = new Date(today.getTime() - 5 * 86_400_000).toISOString().slice(0, 10);
    const { documentId } = await copies().add({ recordId, check: 'I1', content, verifiedOn });
    const set = await run('identity-document period --days 2', 'requester-1');
    expect(JSON.parse(set.out)).toMatchObject({ keepDays: 2, maximumDays: 30, rule: 'R-IDIMG' });
    await expect(copies().disclose({ recordId, documentId, ...PAYROLL })).rejects.toMatchObject({
      code: 'document-purged',
      status: 410,
    });
    // The job looks when the vault begins, and every ten minutes.
    process.kill(world.system.pids()['vault']!, 'SIGKILL');
    const officer = world.as('compliance-officer-1');
    const ofRegister = async () =>
      (await Array.fromAsync(officer.identityDocuments.purges())).length;
    while ((await ofRegister()) === 0) await new Promise((again) => setTimeout(again, 200));
    const file = join(place, 'disposals.csv');
    const { exitCode } = await mynumber(
      commandLine(`register disposals --from 2026-01-01 --to 2099-12-31 --out ${file}`, {
        tenant: 't-001',
        as: 'compliance-officer-1',
        endpoints: world.system.endpointsFile,
      }),
    );
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(
      new RegExp(`${documentId},,1,purged,本人確認書類の写し`),
    );
  });
});
