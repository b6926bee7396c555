import { randomUUID } from 'node:crypto';
import { connect } from 'node:tls';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newRecord } from '../command-line/new-record.ts';
import type { Sent, World } from './world.ts';
import { PAYROLL, startWorld } from './world.ts';

const T = '/v1/tenants/t-001';
const key = () => ({ 'idempotency-key': randomUUID().replaceAll(/[0-9]/g, 'x') });
let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  token = await world.tokenOf('operator-1');
});
afterAll(() => world.stop());

const recordText = (changed: Record<string, unknown> = {}) =>
  JSON.stringify({ ...newRecord(`E-${randomUUID().slice(0, 8)}`), ...changed });
const store = (body: string | Buffer, headers: Record<string, string> = {}): Sent => ({
  path: `${T}/records`,
  body,
  token,
  headers: { 'content-type': 'application/json', ...key(), ...headers },
});

async function refusal(sent: Sent): Promise<[number, string]> {
  const got = await world.send(sent);
  // The problem says what to mend and repeats nothing of the input.
  expect(got.text).not.toMatch(/canary/);
  return [got.status, world.codeOf(got)];
}

const fullWidth = (digits: string) =>
  digits.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

describe('sending what is not well-formed', () => {
  it.each<[string, () => string | Buffer, number, string]>([
    ['no JSON', () => '{"individualNumber":"canary', 400, 'malformed-json'],
    ['two values', () => `${recordText()}{}`, 400, 'malformed-json'],
    ['a member twice', () => recordText().replace('{', '{"subject":"E",'), 400, 'malformed-json'],
    ['deep nesting', () => '['.repeat(5_000) + ']'.repeat(5_000), 400, 'malformed-json'],
    ['a prototype', () => recordText().replace('{', '{"__proto__":{},'), 400, 'malformed-json'],
    ['a byte order mark', () => `\ufeff${recordText()}`, 400, 'malformed-json'],
    ['half a surrogate', () => recordText().replace('"E"', '"\\ud800"'), 400, 'malformed-json'],
    ['bytes that are no UTF-8', () => Buffer.from([0x22, 0xff, 0x22]), 400, 'malformed-json'],
    ['a huge number', () => '1e999', 400, 'malformed-json'],
    [
      'more than 16 kB',
      () => recordText({ noticeVersion: 'canary'.repeat(3_000) }),
      413,
      'body-too-large',
    ],
    ['an array', () => '[]', 400, 'invalid-request'],
    ['null', () => 'null', 400, 'invalid-request'],
    ['an unknown member', () => recordText({ canary: 1 }), 400, 'invalid-request'],
    [
      'the number as a JSON number',
      () => recordText({ individualNumber: Number(newRecord('x').individualNumber) }),
      400,
      'invalid-request',
    ],
    [
      'full-width digits',
      () => recordText({ individualNumber: fullWidth(newRecord('x').individualNumber) }),
      422,
      'individual-number-invalid',
    ],
    [
      'zeros',
      () => recordText({ individualNumber: '0'.repeat(12) }),
      422,
      'individual-number-invalid',
    ],
    [
      'a space in the number',
      () => recordText({ individualNumber: ` ${newRecord('x').individualNumber}` }),
      422,
      'individual-number-invalid',
    ],
    [
      'a purpose outside the list',
      () => recordText({ purposes: ['CANARY'] }),
      403,
      'purpose-unknown',
    ],
    ['no purpose', () => recordText({ purposes: [] }), 400, 'invalid-request'],
    [
      'a reference that is a number',
      () => recordText({ individualRef: newRecord('x').individualNumber }),
      400,
      'invalid-request',
    ],
    [
      'a reference with a line end',
      () => recordText({ individualRef: 'a\nb' }),
      400,
      'invalid-request',
    ],
  ])('%s is refused and stores nothing', async (_what, body, status, code) => {
    const before = await storedRecords();
    expect(await refusal(store(body()))).toEqual([status, code]);
    expect(await storedRecords()).toBe(before);
  });

  it.each<[string, () => Sent, number, string]>([
    [
      'another media type',
      () => store(recordText(), { 'content-type': 'text/plain' }),
      415,
      'media-type-unsupported',
    ],
    [
      'a compressed body',
      () => store(recordText(), { 'content-encoding': 'gzip' }),
      415,
      'media-type-unsupported',
    ],
    [
      'no idempotency key',
      () => ({ ...store(recordText()), headers: { 'content-type': 'application/json' } }),
      400,
      'invalid-request',
    ],
    [
      'a number as idempotency key',
      () => store(recordText(), { 'idempotency-key': newRecord('x').individualNumber }),
      400,
      'invalid-request',
    ],
    [
      'a path that cannot be decoded',
      () => ({ path: '/v1/tenants/%zz/records', token }),
      400,
      'invalid-request',
    ],
    [
      'a tenant id of dots',
      () => ({ path: '/v1/tenants/%2e%2e/access-entries', token }),
      404,
      'not-found',
    ],
    [
      'a record id in capitals',
      () => ({ path: `${T}/records/${randomUUID().toUpperCase()}`, token }),
      404,
      'record-not-found',
    ],
    [
      'a disclosure with more members',
      () => ({ path: `${T}/disclosures`, token, body: { recordId: randomUUID(), canary: 1 } }),
      400,
      'invalid-request',
    ],
    [
      'a search for nobody',
      () => ({ path: `${T}/records/find`, token, body: { individualRef: '' } }),
      400,
      'invalid-request',
    ],
  ])('%s is refused', async (_what, sent, status, code) => {
    expect(await refusal(sent())).toEqual([status, code]);
  });

  it('a body that never comes is given up, and hinders nobody', async () => {
    const slow = world.open(store('', { 'content-length': '10' }));
    const answered = new Promise<number>((resolve) => {
      slow.outgoing.on('response', (response) => resolve(response.statusCode ?? 0));
      slow.outgoing.on('error', () => resolve(0));
    });
    slow.outgoing.write('{');
    expect((await world.send(store(recordText()))).status).toBe(201);
    expect(await answered).toBe(503);
    slow.outgoing.destroy();
  });

  it('nobody without a certificate is let in, and the attempt is counted', async () => {
    const refused = async () => {
      const { text } = await world.send({ path: '/metrics', as: 'service-vault' });
      return Number(/^connections_refused_total\S* (\d+)/m.exec(text)?.[1]);
    };
    const before = await refused();
    const { hostname: host, port } = new URL(world.system.endpoints.services.proxy);
    const ca = readFileSync(world.system.endpoints.ca);
    await new Promise<void>((resolve) => {
      const socket = connect({ host, port: Number(port), ca }, () =>
        socket.write('GET / HTTP/1.1\r\n\r\n'),
      );
      socket
        .on('data', () => resolve())
        .on('error', () => resolve())
        .on('close', () => resolve());
    });
    expect(await refused()).toBe(before + 1);
  });

  async function storedRecords(): Promise<string> {
    const vault = world.database('vault');
    const { rows } = await vault.query<{ count: string }>(
      'select count(*) from vault.number_record',
    );
    await vault.end();
    return rows[0]!.count;
  }
});

describe('reviewing the log', () => {
  it('gives checkpoint and tiles of a log that verifies, and writes each view down once', async () => {
    const client = world.as('operator-1');
    const { recordId } = await client.storeRecord(newRecord('E-tiles'));
    for (let at = 0; at < 3; at += 1) await client.disclose({ recordId, ...PAYROLL });
    const auditor = world.as('auditor-1');
    const before = (await world.entriesSince(0, 8)).length;
    const note = Buffer.from((await auditor.readLog('checkpoint'))!).toString();
    const [origin, size] = note.split('\n');
    expect(origin).toBe(world.system.endpoints.logs.tenants['t-001']!.origin);
    const width = Number(size) % 256;
    const bundle = await auditor.readLog(`tile/entries/000.p/${width}`);
    const hashes = await auditor.readLog(`tile/0/000.p/${width}`);
    expect([bundle!.length > 100 * width, hashes!.length]).toEqual([true, 32 * width]);
    expect(await auditor.readLog('tile/0/999')).toBeUndefined();
    expect(await auditor.readLog('tile/../checkpoint')).toBeUndefined();
    const views = (await world.entriesOf('t-001'))
      .slice(before)
      .filter(({ op }) => op === 'view-log');
    expect(views).toHaveLength(1);
    expect(views[0]).toMatchObject({ k: 'act', dec: 'allow', sub: world.subjectOf('auditor-1') });
  });

  it('writes a view down that begins with a tile, and a refused one too', async () => {
    const auditor = await world.tokenOf('auditor-1');
    const path = `${T}/log/tile/entries/000.p/1`;
    for (const [shown, status, dec] of [
      [auditor, 200, 'allow'],
      [token, 403, 'deny:scope-missing'],
    ] as const) {
      const before = (await world.entriesOf('t-001')).length;
      expect((await world.send({ path, token: shown })).status).toBe(status);
      const [entry] = await world.entriesSince(before, 1);
      expect(entry).toMatchObject({ op: 'view-log', dec });
    }
  });

  it.each(['access-entries', 'reports/access'])(
    'pages %s without gap or repetition',
    async (what) => {
      const shown = await world.tokenOf('compliance-officer-1');
      const to = new Date().toISOString();
      const indexes: number[] = [];
      let cursor: string | undefined = '0';
      while (cursor !== undefined) {
        const path: string = `${T}/${what}?to=${to}&limit=3&cursor=${cursor}`;
        const page = (await world.send({ path, token: shown })).json as {
          entries?: { index: number }[];
          rows?: { index: number }[];
          next?: string;
        };
        const rows = page.entries ?? page.rows ?? [];
        expect(rows.length).toBeLessThanOrEqual(3);
        indexes.push(...rows.map(({ index }) => index));
        cursor = page.next;
      }
      expect(indexes.length).toBeGreaterThan(8);
      expect(indexes).toEqual(indexes.map((_, at) => at));
    },
  );

  it.each([
    'form=2026-01-01',
    'from=2026-02-30',
    'limit=0',
    'limit=5001',
    'limit=1e3',
    'cursor=-1',
    'cursor=0x1',
    'to=a&to=b',
  ])('refuses a report asked for by %s', async (query) => {
    const shown = await world.tokenOf('compliance-officer-1');
    expect(await refusal({ path: `${T}/reports/access?${query}`, token: shown })).toEqual([
      400,
      'invalid-request',
    ]);
  });

  it('tells services how much is done, and clients only that it works', async () => {
    const { text } = await world.send({ path: '/metrics', as: 'service-vault' });
    expect(text).toMatch(/http_requests_total\{[^}]*status="200"[^}]*\} \d+/);
    expect(text).not.toMatch(/t-001|[0-9a-f]{8}-[0-9a-f]{4}/);
    expect(await refusal({ path: '/metrics' })).toEqual([403, 'not-permitted']);
    for (const path of ['/health/live', '/health/ready'])
      expect((await world.send({ path })).status).toBe(200);
  });
});
