import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { AccessEntry } from '@mnv/protocol';
import { decodeJwt } from 'jose';
import { newRecord } from '../command-line/new-record.ts';
import type { Got, Sent, World } from './world.ts';
import { PAYROLL, startWorld } from './world.ts';

const DISCLOSURES = '/v1/tenants/t-001/disclosures';
const record = newRecord('E-1');
let world: World;
let recordId: string;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  ({ recordId } = await world.as('operator-1').storeRecord(record));
  token = await world.tokenOf('operator-1');
});
afterAll(() => world.stop());

const disclosure = (changed: Partial<Sent> = {}, jws = world.signed([recordId])): Sent => ({
  path: DISCLOSURES,
  body: { recordId },
  token,
  ...changed,
  headers: { 'mynumber-request': jws, ...changed.headers },
});

/** Sends, and answers what it left in the log of the tenant. */
async function left(sent: Sent, enough: number, tenant = 't-001') {
  const before = (await world.entriesOf(tenant)).length;
  const got = await world.send(sent);
  return { got, entries: await world.entriesSince(before, enough, tenant) };
}

function expectRefused(got: Got, status: number, code: string) {
  expect({ status: got.status, code: world.codeOf(got) }).toEqual({ status, code });
  expect(got.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(got.headers['cache-control']).toBe('no-store');
}

describe('disclosing one number', () => {
  it('releases it to who may have it, with a receipt, an intent and an outcome', async () => {
    const before = (await world.entriesOf('t-001')).length;
    // The client checks the receipt against the trust policy.
    const released = await world.as('operator-1').disclose({ recordId, ...PAYROLL });
    expect(released.individualNumber.reveal()).toBe(record.individualNumber);
    const [intent, outcome, ...more] = await world.entriesSince(before, 2);
    expect(more).toEqual([]);
    const facts = {
      rid: released.requestId,
      ten: 't-001',
      rec: recordId,
      op: 'disclose',
      pur: PAYROLL.purpose,
      case: PAYROLL.caseId,
      sub: world.subjectOf('operator-1'),
      act: 'payroll',
    };
    expect(intent).toMatchObject({ ...facts, k: 'intent', dec: 'allow', cnt: 1 });
    expect(outcome).toMatchObject({ ...facts, k: 'outcome', dec: 'delivered', cnt: 1 });
    expect(released.index).toBe(before);
    const [entry] = released.receipt.entries;
    expect(JSON.parse(Buffer.from(entry!, 'base64').toString())).toEqual(intent);
  });

  it('shows in the report who, on whose behalf, what, why, when and with what result', async () => {
    const day = { from: '2020-01-01', to: '2099-12-31' };
    const { rows } = await world.as('compliance-officer-1').reportAccess(day);
    expect(rows).toContainEqual(
      expect.objectContaining({
        who: world.subjectOf('operator-1'),
        onBehalf: 'payroll',
        operation: 'disclose',
        purpose: PAYROLL.purpose,
        case: PAYROLL.caseId,
        record: recordId,
        result: 'delivered',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      }),
    );
  });

  it('releases a request once, however often it is sent', async () => {
    const jws = world.signed([recordId]);
    expect((await left(disclosure({}, jws), 2)).got.status).toBe(200);
    const { got, entries } = await left(disclosure({}, jws), 2);
    expectRefused(got, 409, 'request-replayed');
    expect(entries.map(({ k, dec }) => [k, dec])).toEqual([
      ['intent', 'allow'],
      ['outcome', 'deny:request-replayed'],
    ]);
  });

  it('releases one of many equal requests at once, and does not refuse the others beside them', async () => {
    const jws = world.signed([recordId]);
    const sent = Array.from({ length: 8 }, (_, at) => disclosure({}, at % 2 ? jws : undefined));
    const before = (await world.entriesOf('t-001')).length;
    const got = await Promise.all(sent.map((one) => world.send(one)));
    expect(await world.entriesSince(before, 16)).toHaveLength(16);
    const repeated = got.filter((_, at) => at % 2).map((one) => one.status);
    expect(repeated.toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    expect(got.filter((_, at) => !(at % 2)).map((one) => one.status)).toEqual([200, 200, 200, 200]);
  });

  it('answers for the record of another tenant exactly as for one that never was', async () => {
    const operator4 = world.as('operator-4', 't-002');
    const { recordId: foreign } = await operator4.storeRecord(newRecord('E-9'));
    const askFor = async (id: string) => {
      const { got, entries } = await left(
        disclosure({ body: { recordId: id } }, world.signed([id])),
        2,
      );
      expectRefused(got, 404, 'record-not-found');
      expect(entries.map(({ k, rec, dec }) => [k, rec, dec])).toEqual([
        ['intent', id, 'allow'],
        ['outcome', id, 'deny:record-not-found'],
      ]);
      const metadata = await world.send({ path: `/v1/tenants/t-001/records/${id}`, token });
      expectRefused(metadata, 404, 'record-not-found');
      return [got, metadata].map(({ text, headers: { date: _date, ...headers } }) => [
        text.replace(/urn:uuid:[0-9a-f-]{36}/, ''),
        headers,
      ]);
    };
    expect(await askFor(foreign)).toEqual(await askFor(randomUUID()));
  });
});

describe('refusing, and writing it down before it is told', () => {
  const denied = (entries: AccessEntry[]) => entries.map(({ k, dec, cnt }) => [k, dec, cnt]);

  it.each<[string, number, string, () => Promise<Sent> | Sent]>([
    [
      'a purpose of the list that the record is not for',
      403,
      'purpose-not-permitted',
      () => disclosure({}, world.signed([recordId], { purpose: 'EI' })),
    ],
    [
      'a purpose outside the list',
      403,
      'purpose-unknown',
      () => disclosure({}, world.signed([recordId], { purpose: 'MARKETING' })),
    ],
    [
      'an untrained operator',
      403,
      'training-expired',
      async () => disclosure({ token: await world.tokenOf('operator-2') }),
    ],
    [
      'a client without a person',
      403,
      'operator-required',
      async () => disclosure({ token: await world.tokenOfClient() }),
    ],
    [
      'a person without the scope',
      403,
      'scope-missing',
      async () => disclosure({ token: await world.tokenOf('requester-1') }),
    ],
    [
      'another tenant in the path',
      404,
      'not-found',
      () => disclosure({ path: '/v1/tenants/t-002/disclosures' }),
    ],
    ['no signed request', 401, 'request-signature-invalid', () => disclosure({}, '')],
    [
      'a stale request',
      401,
      'request-signature-invalid',
      () => disclosure({}, world.signed([recordId], { iat: Math.floor(Date.now() / 1000) - 90 })),
    ],
    [
      'a request from the future',
      401,
      'request-signature-invalid',
      () => disclosure({}, world.signed([recordId], { iat: Math.floor(Date.now() / 1000) + 90 })),
    ],
    [
      'a request for another record',
      401,
      'request-signature-invalid',
      () => disclosure({}, world.signed([randomUUID()])),
    ],
    [
      'a request for more records',
      401,
      'request-signature-invalid',
      () => disclosure({}, world.signed([recordId, randomUUID()])),
    ],
    [
      'a request for another tenant',
      401,
      'request-signature-invalid',
      () => disclosure({}, world.signed([recordId], { tenant: 't-002' })),
    ],
    [
      'a request for another operation',
      401,
      'request-signature-invalid',
      () => disclosure({}, world.signed([recordId], { operation: 'approve-disposal' })),
    ],
    [
      'a request that was relabelled',
      401,
      'request-signature-invalid',
      () => {
        const [header, payload, signature] = world.signed([recordId]).split('.');
        const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
        const other = Buffer.from(JSON.stringify({ ...claims, case: 'OTHER-1' })).toString(
          'base64url',
        );
        return disclosure({}, [header, other, signature].join('.'));
      },
    ],
  ])('%s', async (_what, status, code, made) => {
    const sent = await made();
    // What concerns the record is judged by the vault, after an intent.
    const byVault = code === 'purpose-not-permitted';
    const { got, entries } = await left(sent, byVault ? 2 : 1);
    expectRefused(got, status, code);
    expect(denied(entries).at(-1)).toEqual(
      byVault ? ['outcome', `deny:${code}`, 0] : ['deny', `deny:${code}`, 1],
    );
    expect(entries).toHaveLength(byVault ? 2 : 1);
    const claims = decodeJwt(sent.token!);
    expect(entries[0]).toMatchObject({
      sub: claims.sub,
      act: claims['client_id'],
      ten: 't-001',
      rec: recordId,
      tok: createHash('sha256').update(sent.token!).digest('base64url'),
    });
  });

  it('an operator whose assignment has ended, or who has none', async () => {
    const supervisor = world.subjectOf('supervisor-1');
    await world.access.query(
      `update access.assignment set starts_on = '2026-01-01', ends_on = '2026-01-31' where subject = $1`,
      [supervisor],
    );
    await world.access.query(
      `delete from access.assignment where subject = $1 and tenant_id = 't-001'`,
      [world.subjectOf('operator-3')],
    );
    for (const person of ['supervisor-1', 'operator-3']) {
      const { got, entries } = await left(disclosure({ token: await world.tokenOf(person) }), 1);
      expectRefused(got, 403, 'assignment-missing');
      expect(denied(entries)).toEqual([['deny', 'deny:assignment-missing', 1]]);
    }
  });

  it('an operator whose training is over', async () => {
    const administration = world.as('administrator-1', 'operator', 'administration').administration;
    const subject = world.subjectOf('operator-2');
    const course = { subject, course: '研修', completedOn: '2025-01-01', expiresOn: '2025-12-31' };
    await administration.addTraining(course);
    const { got, entries } = await left(
      disclosure({ token: await world.tokenOf('operator-2') }),
      1,
    );
    expectRefused(got, 403, 'training-expired');
    expect(denied(entries)).toEqual([['deny', 'deny:training-expired', 1]]);
  });

  it('a right that was taken away a moment ago', async () => {
    const client = world.as('operator-4', 't-002');
    const { recordId: own } = await client.storeRecord(newRecord('E-10'));
    await client.disclose({ recordId: own, ...PAYROLL });
    await world.access.query(`delete from access.assignment where subject = $1`, [
      world.subjectOf('operator-4'),
    ]);
    // The registers are remembered for a second, and no longer.
    await pause(1_100);
    const refusal: unknown = await client
      .disclose({ recordId: own, ...PAYROLL })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'assignment-missing' });
  });
});
