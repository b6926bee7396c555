import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { batchHashOf } from '@mnv/protocol';
import { problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { batchOf, disposing, evidenceOf } from './world/disposing.ts';
import type { Batch } from './world/disposing.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let calls: ReturnType<typeof disposing>;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault({ quiet: true });
  tenant = await world.createTenant(vault, 't-001');
  calls = disposing(vault, tenant);
});
afterAll(() => world.close());

async function requested(count = 1): Promise<Batch> {
  const batch = batchOf(await storeNumbers(vault, tenant, count));
  expect((await calls.request(batch)).status).toBe(201);
  return batch;
}

const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

describe('asking for a disposal', () => {
  it('answers a repeat as the first, and refuses another batch under the same id', async () => {
    const batch = await requested();
    expect((await calls.request(batch)).status).toBe(200);
    const other = batchOf(await storeNumbers(vault, tenant, 1));
    const taken = await calls.request({ ...other, disposalId: batch.disposalId });
    expect(problemOf(taken)).toBe('409 disposal-conflict');
  });

  it('refuses a record that is unknown, of another tenant, or in another open batch', async () => {
    const batch = await requested();
    const other = await world.createTenant(vault, 't-002');
    const [foreign] = await storeNumbers(vault, other, 1);
    for (const recordId of [randomUUID(), foreign?.recordId ?? ''])
      expect(problemOf(await calls.request(batchOf([{ recordId }])))).toBe('404 record-not-found');
    const again = batchOf(batch.recordIds.map((recordId) => ({ recordId })));
    expect(problemOf(await calls.request(again))).toBe('409 disposal-conflict');
    expect((await calls.stop(batch)).status).toBe(200);
    expect((await calls.request(again)).status).toBe(201);
  });

  it('takes no signed request twice', async () => {
    const [one, two] = [batchOf([]), batchOf([])];
    const stored = await storeNumbers(vault, tenant, 1);
    const recordIds = stored.map(({ recordId }) => recordId);
    const [first, second] = [
      { ...one, recordIds },
      { ...two, recordIds },
    ];
    const act = { operation: 'request-disposal', person: 'requester', batch: first } as const;
    const evidence = await evidenceOf(tenant, act);
    const send = (batch: Batch) => calls.post('', { ...batch, tenantId: 't-001', ...evidence });
    expect((await send(first)).status).toBe(201);
    await calls.stop(first);
    expect(problemOf(await send(second))).toBe('409 request-replayed');
  });
});

describe('an approval', () => {
  it.each([
    ['by the requester', 'requester', {}, '409 approver-repeated'],
    [
      'without the right',
      'approver-1',
      { claims: { scope: 'disposal:request' } },
      '403 scope-missing',
    ],
    ['by a program', 'approver-1', { claims: { sub: 'payroll' } }, '403 operator-required'],
    [
      'by a person of another tenant',
      'approver-1',
      { claims: { tenant: 't-002' } },
      '404 not-found',
    ],
    [
      'after a sign-in of long ago',
      'approver-1',
      { claims: { auth_time: ago(16 * 60) } },
      '401 sign-in-stale',
    ],
    ['without a sign-in', 'approver-1', { claims: { auth_time: undefined } }, '401 sign-in-stale'],
    [
      'after a sign-in to come',
      'approver-1',
      { claims: { auth_time: ago(-60) } },
      '401 sign-in-stale',
    ],
    [
      'for another hash',
      'approver-1',
      { signed: { batchHash: batchHashOf([randomUUID()]) } },
      '409 batch-mismatch',
    ],
    ['for another count', 'approver-1', { signed: { count: 2 } }, '409 batch-mismatch'],
    ['for another case', 'approver-1', { signed: { caseId: 'OTHER' } }, '409 batch-mismatch'],
    [
      'signed as another act',
      'approver-1',
      { signed: { operation: 'report-hold' } },
      '401 request-signature-invalid',
    ],
    [
      'signed too long ago',
      'approver-1',
      { signed: { iat: ago(90) } },
      '401 request-signature-invalid',
    ],
    [
      'for another purpose',
      'approver-1',
      { signed: { purpose: 'TAX-WITHHOLD' } },
      '403 purpose-not-permitted',
    ],
  ])('is refused %s', async (_, person, changes, problem) => {
    const batch = await requested();
    expect(problemOf(await calls.approve(batch, person, changes))).toBe(problem);
    expect((await calls.show(batch)).body).toMatchObject({ approvals: 0 });
  });

  it('counts once, however often it is sent or given', async () => {
    const batch = await requested();
    const rid = randomUUID();
    const first = await calls.approve(batch, 'approver-1', { signed: { rid } });
    expect(first.body).toMatchObject({ approvals: 1 });
    expect((await calls.approve(batch, 'approver-1', { signed: { rid } })).body).toEqual(
      first.body,
    );
    expect(problemOf(await calls.approve(batch, 'approver-1'))).toBe('409 approver-repeated');
    const borrowed = await calls.approve(batch, 'approver-2', { signed: { rid } });
    expect(problemOf(borrowed)).toBe('409 request-replayed');
    expect(problemOf(await calls.order(batch))).toBe('409 approvals-missing');
  });

  it('of many at once counts once for each person', async () => {
    const batch = await requested();
    const given = await Promise.all(
      Array.from({ length: 6 }, (_, at) => calls.approve(batch, `approver-${at % 2}`)),
    );
    expect(given.filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await calls.show(batch)).body).toMatchObject({ approvals: 2 });
  });

  it('that stands in a row alone is nothing: the control log decides', async () => {
    const batch = await requested();
    await calls.approve(batch, 'approver-1');
    await asAdministrator(
      world.database,
      `insert into vault.disposal_act (disposal_id, tenant_id, kind, control_index, iss, sub, nonce, rid)
       select disposal_id, tenant_id, kind, control_index + 1000000, iss, 'approver-2', nonce, gen_random_uuid()
       from vault.disposal_act where disposal_id = $1 and kind = 'approved'`,
      [batch.disposalId],
    );
    expect(problemOf(await calls.order(batch))).toBe('409 approvals-missing');
  });

  it('is too old after fourteen days', async () => {
    const batch = await calls.approved(batchOf(await storeNumbers(vault, tenant, 1)));
    const days = (n: number) => () => Date.now() + n * 86_400_000;
    const later = await world.startVault({ quiet: true, clock: days(14.01) });
    expect(problemOf(await disposing(later, tenant).order(batch))).toBe('409 approvals-missing');
    expect((await calls.order(batch)).status).toBe(202);
  });
});

describe('a hold', () => {
  it('takes an ordered batch back, and only approvals after it count', async () => {
    const batch = await calls.approved(batchOf(await storeNumbers(vault, tenant, 1)));
    await calls.order(batch);
    expect((await calls.hold(batch)).status).toBe(200);
    expect((await calls.show(batch)).body).toMatchObject({
      state: 'requested',
      held: true,
      approvals: 0,
    });
    expect(problemOf(await calls.order(batch))).toBe('409 approvals-missing');
    await calls.approve(batch, 'approver-1');
    await calls.approve(batch, 'approver-2');
    expect((await calls.order(batch)).body).toEqual({ state: 'frozen' });
  });

  it('and a stop are too late once keys are dropped', async () => {
    const batch = await calls.approved(batchOf(await storeNumbers(vault, tenant, 1)));
    await calls.order(batch);
    await vault.runEpochs();
    expect(problemOf(await calls.hold(batch))).toBe('409 too-late');
    expect(problemOf(await calls.stop(batch))).toBe('409 too-late');
  });
});

describe('an order', () => {
  it('of more than one epoch may erase is refused', async () => {
    const small = await world.startVault({ quiet: true, cap: { share: 0, minimum: 2 } });
    const batch = await calls.approved(batchOf(await storeNumbers(vault, tenant, 3)));
    expect(problemOf(await disposing(small, tenant).order(batch))).toBe('409 cap-exceeded');
    expect((await calls.show(batch)).body).toMatchObject({ state: 'requested' });
  });
});
