import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { problemOf, textWithoutInstance } from './world/answers.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let other: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
  other = await world.createTenant(vault, 't-002');
});
afterAll(() => world.close());

async function call(path: 'read' | 'find', question: object, { of = tenant, token = '' } = {}) {
  const { tenantId, client } = of;
  const evidence = { token: token || (await client.token()), certificate: client.certificate };
  return vault.call(`/internal/records/${path}`, {
    ...evidence,
    tenantId,
    rid: randomUUID(),
    ...question,
  });
}

async function storeOne(record: object): Promise<string> {
  const { body } = await storeLines(vault, tenant, { lines: [{ key: randomUUID(), record }] });
  const [line] = (body as { lines: { recordId: string }[] }).lines;
  return line?.recordId ?? '';
}

async function dispose(recordId: string): Promise<void> {
  const pool = world.database.pool('postgres', { max: 1 });
  await pool.query('update vault.number_record set disposed_at = now() where record_id = $1', [
    recordId,
  ]);
  await pool.end();
}

describe('the metadata of a record', () => {
  it('is all that was stored, but the number', async () => {
    const record = makeRecord({ relatedRef: 'E-related' });
    const recordId = await storeOne(record);
    const { individualNumber: _number, ...kept } = record;
    const expected = { recordId, ...kept, storedAt: expect.stringMatching(/^20.*Z$/) };
    expect(await call('read', { recordId })).toEqual({ status: 200, body: expected });
    const found = await call('find', { individualRef: record.individualRef });
    expect(found).toEqual({ status: 200, body: { records: [expected], superseded: [] } });
  });

  it('is found by reference for one kind of subject or for all', async () => {
    const individualRef = 'E-both';
    const employee = await storeOne(makeRecord({ individualRef }));
    const payee = await storeOne(
      makeRecord({ individualRef, subject: 'P', purposes: ['PAY-309'] }),
    );
    const idsOf = async (question: object) => {
      const { body } = await call('find', question);
      return (body as { records: { recordId: string }[] }).records.map((one) => one.recordId);
    };
    expect((await idsOf({ individualRef })).toSorted()).toEqual([employee, payee].toSorted());
    expect(await idsOf({ individualRef, subject: 'P' })).toEqual([payee]);
    expect(await idsOf({ individualRef: 'E-nobody' })).toEqual([]);
  });

  it('is not told once the number was disposed of', async () => {
    const record = makeRecord();
    const recordId = await storeOne(record);
    await dispose(recordId);
    expect(problemOf(await call('read', { recordId }))).toBe('410 already-disposed');
    const found = await call('find', { individualRef: record.individualRef });
    expect(found.body).toEqual({ records: [], superseded: [] });
  });

  it.each([
    ['without the right to read', { scope: 'number:read number:write' }, '403 scope-missing'],
    ['to a client without a person', { sub: 'payroll' }, '403 operator-required'],
    ['with a token for another tenant', { tenant: 't-002' }, '404 not-found'],
  ])('is not told %s', async (_what, claims, problem) => {
    const [stored] = (await storeNumbers(vault, tenant)) as [Stored];
    const token = await tenant.client.token(claims);
    expect(problemOf(await call('read', stored, { token }))).toBe('400 invalid-request');
    const { recordId, individualRef } = stored;
    expect(problemOf(await call('read', { recordId }, { token }))).toBe(problem);
    expect(problemOf(await call('find', { individualRef }, { token }))).toBe(problem);
  });
});

describe("another tenant's ids", () => {
  it('answer exactly as ids that never were', async () => {
    const [theirs] = (await storeNumbers(vault, tenant)) as [Stored];
    const unknown = { recordId: randomUUID(), individualRef: 'E-nobody' };
    const read = ({ recordId }: { recordId: string }) => call('read', { recordId }, { of: other });
    const find = (one: { individualRef: string }) =>
      call('find', { individualRef: one.individualRef }, { of: other });
    const disclose = async ({ recordId }: { recordId: string }) => {
      const options = { tenant: other.tenantId, recordIds: [recordId] };
      const intent = await makeIntent(other.client, options);
      return vault.call('/internal/disclosures', logAndMakeTicket(other.log, [intent]));
    };
    expect(problemOf(await read(theirs))).toBe('404 record-not-found');
    for (const ask of [read, find, disclose]) {
      expect(textWithoutInstance(await ask(theirs))).toBe(textWithoutInstance(await ask(unknown)));
    }
  });

  it('answer exactly as a tenant that never was', async () => {
    const token = await tenant.client.token();
    const [mine] = (await storeNumbers(vault, tenant)) as [Stored];
    const ask = (tenantId: string) =>
      call('read', { recordId: mine.recordId }, { of: { ...tenant, tenantId }, token });
    expect(problemOf(await ask('t-002'))).toBe('404 not-found');
    expect(textWithoutInstance(await ask('t-002'))).toBe(textWithoutInstance(await ask('t-zzz')));
  });

  it('are free to be used as references by everybody', async () => {
    const record = makeRecord({ individualRef: 'E-shared' });
    expect(await storeOne(record)).not.toBe('');
    const lines = [{ key: randomUUID(), record }];
    const { body } = await storeLines(vault, other, { lines });
    expect((body as { lines: { recordId?: string }[] }).lines[0]?.recordId).toBeDefined();
  });
});
