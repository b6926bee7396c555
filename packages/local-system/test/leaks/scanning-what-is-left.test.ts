import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { scanFiles } from '@mnv/testing';
import type { ScanResult } from '@mnv/testing';
import { startSystem } from '../../src/system/start-system.ts';
import { freePorts } from '../../src/supervisor/ports.ts';
import { commandLine, mynumber, printedBy } from '../command-line/mynumber.ts';
import { newRecord } from '../command-line/new-record.ts';
import { csvOf, row, writeNumbers } from '../command-line/numbers-file.ts';
import { SHORT_DRAIN } from '../short-drain.ts';
import { PAYROLL, startWorld } from '../through-the-proxy/world.ts';
import type { World } from '../through-the-proxy/world.ts';
import { startPlanting } from './planted.ts';

const T = '/v1/tenants/t-001';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };

const place = mkdtempSync(join(tmpdir(), 'leak-scan-'));
const data = join(place, 'system');
const exports = join(place, 'exports');
const planting = startPlanting();
/** Put by hand where a leak would be, to see that it would be found. */
const decoys = startPlanting();

let world: World;
let token: string;
let scanned: ScanResult;

/** Secrets from this place on are decoys. */
const DECOYS = 1_000_000;

const newKey = () => randomUUID().replaceAll(/[0-9]/g, 'x');
const recordOf = (individualRef: string, individualNumber = planting.number()) => ({
  ...newRecord(individualRef),
  individualNumber,
});
const bodyOf = (record: object) => planting.body(JSON.stringify(record));
const storeOne = (body: string, headers: Record<string, string> = {}) =>
  world.send({
    path: `${T}/records`,
    token,
    headers: { ...JSON_TYPE, 'idempotency-key': newKey(), ...headers },
    body,
  });
const cli = (words: string, as: string, more: Record<string, string | true> = {}) =>
  commandLine(words, { tenant: 't-001', as, endpoints: world.system.endpointsFile, ...more });

async function storeInEveryWay(): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < 10; at += 1) {
    const { json } = await storeOne(bodyOf(recordOf(`single-${at}`)));
    ids.push((json as { recordId: string }).recordId);
  }
  await Array.fromAsync(world.as('operator-1').prepareDuplicateCheck());
  const twice = recordOf('twice-1');
  const lines = [
    twice,
    { ...twice, individualRef: 'twice-2' },
    ...Array.from({ length: 300 }, (_, at) => recordOf(`batch-${at}`)),
  ].map((record) => bodyOf(record));
  const { text } = await world.send({
    path: `${T}/records/batch`,
    token,
    headers: { ...NDJSON, 'idempotency-key': newKey() },
    body: planting.body(lines.join('\n')),
  });
  const answers = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { recordId: string });
  ids.push(...answers.map(({ recordId }) => recordId));
  await importFile();
  return ids;
}

/** The file itself is the user's, who deletes it; what lies beside it stays. */
async function importFile(): Promise<void> {
  const known = row('import-known', { individualNumber: planting.number() });
  const rows = Array.from({ length: 600 }, (_, at) =>
    row(`import-${at}`, { individualNumber: planting.number() }),
  );
  const refused = row('import-refused', { individualNumber: planting.number(), subject: 'X' });
  const again = { ...known, individualRef: 'import-again' };
  const file = writeNumbers(join(exports, 'numbers.csv'), csvOf([known, ...rows, refused, again]));
  const { exitCode, out } = await mynumber(cli(`import ${file}`, 'operator-1'));
  expect({ exitCode, out }).toMatchObject({ exitCode: 3, out: expect.stringContaining('too 1') });
  rmSync(file);
}

/** Numbers where none belongs: each of these is refused, and nobody may write down what was sent. */
async function sendInWrongPlaces(): Promise<void> {
  const number = () => planting.number();
  const torn = planting.body(`{"individualNumber":"${number()}","individualRef":`);
  const key = newKey();
  const first = recordOf('mismatch');
  const mismatch = { ...first, individualNumber: number() };
  const statuses = [
    await storeOne(torn),
    await storeOne(bodyOf({ ...recordOf('unknown'), note: number() })),
    await storeOne(bodyOf(recordOf(number()))),
    await storeOne(bodyOf({ ...recordOf('twice'), noticeVersion: number() })),
    await storeOne(bodyOf(recordOf('key')), { 'idempotency-key': number() }),
    await storeOne(bodyOf(recordOf('type')), { 'content-type': number() }),
    await storeOne(bodyOf(first), { 'idempotency-key': key }),
    await storeOne(bodyOf(mismatch), { 'idempotency-key': key }),
    await world.send({ path: `${T}/records/${number()}`, token }),
    await world.send({ path: `/v1/tenants/${number()}/records/find`, token, body: {} }),
    await world.send({ path: `${T}/reports/access?from=${number()}`, token }),
    await world.send({ path: `${T}/records/find`, token, body: { individualRef: number() } }),
    await world.send({ path: `${T}/records/find`, token: number(), body: {} }),
    await world.send({
      path: `${T}/records/${randomUUID()}`,
      token,
      method: 'PUT',
      body: number(),
    }),
  ].map(({ status }) => status);
  expect(statuses.filter((status) => status < 400)).toEqual([201]);
  const misnamed = { purpose: number(), caseId: `CASE-${number()}` };
  const jws = world.signed([randomUUID()], misnamed);
  const headers = { 'mynumber-request': jws };
  const body = { recordId: randomUUID() };
  expect(
    (await world.send({ path: `${T}/disclosures`, token, headers, body })).status,
  ).toBeGreaterThan(399);
  expect((await mynumber(cli(`import ${number()}`, 'operator-1'))).exitCode).toBe(1);
}

async function useAndReview(ids: string[]): Promise<void> {
  const client = world.as('operator-1');
  const [first = ''] = ids;
  const { receipt } = await client.disclose({ recordId: first, ...PAYROLL });
  writeFileSync(join(exports, 'receipt.json'), JSON.stringify(receipt));
  const disclosed = await Array.fromAsync(client.discloseAll(ids, PAYROLL));
  expect(disclosed.filter((one) => 'individualNumber' in one)).toHaveLength(ids.length);
  await client.getRecord(first);
  await client.findRecords({ individualRef: 'single-0' });
  const period = { from: '2000-01-01', to: '2099-12-31', csv: true } as const;
  const printed = [
    await printedBy(cli('report access', 'compliance-officer-1', period)),
    await printedBy(cli('log export', 'auditor-1', { to: join(exports, 'log') })),
    await printedBy(cli('releases export', 'auditor-1', { to: join(exports, 'releases') })),
    await printedBy(cli('duplicates', 'requester-1')),
  ];
  writeFileSync(join(exports, 'printed.txt'), printed.join('\n'));
}

/** Three persons dispose of some of them; the certificate, and the list for the tenant, stay with the exports. */
async function disposeOf(ids: string[]): Promise<void> {
  const { disposals } = world.as('requester-1');
  const records = ids.map((recordId) => ({ recordId }));
  const batch = await disposals.draft({ caseId: 'LEAVERS-2026-12', reason: '退職', records });
  await disposals.request(batch);
  for (const approver of ['approver-1', 'approver-2'])
    await world.as(approver).disposals.approve(batch);
  await disposals.order(batch);
  while ((await disposals.get(batch.disposalId)).state !== 'certified') await pause(200);
  const certificate = await disposals.certificate(batch.disposalId);
  writeFileSync(join(exports, 'certificate.jws'), certificate);
  await expect(
    world.as('operator-1').disclose({ recordId: ids[0]!, ...PAYROLL }),
  ).rejects.toMatchObject({ code: 'already-disposed' });
}

/** A leak as it would be in a table, in the write-ahead log, in the server's log and in a service's. */
async function plantDecoys(): Promise<void> {
  const [text, bytes, big, logged, written] = Array.from({ length: 5 }, () => decoys.number());
  const pool = world.database('vault');
  await pool.query('create schema decoy');
  await pool.query('create table decoy.leak (a text, b bytea, c bigint)');
  await pool.query("insert into decoy.leak values ($1, decode($2, 'hex'), $3)", [text, bytes, big]);
  await pool.query(`do $$ begin raise log '%', '${logged}'; end $$`);
  await pool.end();
  writeFileSync(
    join(data, 'logs', 'decoy.log'),
    `{"at":"${Buffer.from(`{"a":"${written}"}`).toString('base64')}"}\n`,
  );
}

beforeAll(async () => {
  mkdirSync(exports);
  const { signal } = new AbortController();
  const say = () => undefined;
  const ports = await freePorts();
  const order = { data, ports, say, signal, vaultSettings: SHORT_DRAIN };
  const starting = startSystem({ ...order, durability: 'durable' });
  world = await startWorld(starting);
  token = await world.tokenOf('operator-1');
  const ids = await storeInEveryWay();
  await sendInWrongPlaces();
  await useAndReview(ids);
  await disposeOf(ids.slice(0, 20));
  await plantDecoys();
  const { clusterDirectory } = world.system;
  await world.stop();
  // Of a directory within another every file would count twice.
  const places = clusterDirectory.startsWith(data) ? [place] : [place, clusterDirectory];
  const forms = planting.forms();
  const decoyForms = decoys.forms().map((one) => ({ ...one, at: DECOYS + one.at }));
  scanned = scanFiles(places, [...forms, ...decoyForms]);
  if (places.length > 1) rmSync(clusterDirectory, { recursive: true });
});
afterAll(() => rmSync(place, { recursive: true }));

describe('what a system leaves on its disks', () => {
  it('holds no number that went through it, disposed of or not, in no form, and no digest of what was sent', () => {
    expect(planting.count()).toBeGreaterThan(900);
    expect(scanned.findings.filter(({ at }) => at < DECOYS)).toEqual([]);
  });

  it('was searched whole: tables, write-ahead log, logs, keys, exports', () => {
    expect(scanned.files).toBeGreaterThan(500);
    expect(scanned.bytes).toBeGreaterThan(50_000_000);
  });
});

describe('a number put where a leak would be', () => {
  it.each([
    ['a table, as text', 0, 'UTF-8', /\/base\/\d+\/\d+$/],
    ['a table, as digits packed in bytes', 1, 'packed BCD', /\/base\/\d+\/\d+$/],
    ['a table, as an integer', 2, 'int64 LE', /\/base\/\d+\/\d+$/],
    ['the write-ahead log', 0, 'UTF-8', /\/pg_wal\/[0-9A-F]+$/],
    ['the log of PostgreSQL', 3, 'UTF-8', /\/server\.log$/],
    ['the log of a service, encoded', 4, 'base64, offset 0', /\/decoy\.log$/],
  ])('is found: %s', (_where, at, form, file) => {
    const found = scanned.findings.filter(
      (one) => one.at === DECOYS + at && one.form.startsWith(form),
    );
    expect(found.map((one) => one.file).filter((one) => file.test(one))).not.toEqual([]);
  });
});
