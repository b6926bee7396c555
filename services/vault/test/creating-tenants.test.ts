import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf } from './world/answers.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { World } from './world.ts';

let world: World;
let vault: RunningVault;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
afterAll(() => world.close());

describe('a tenant', () => {
  it('is made once, however often and at whatever time it is asked for', async () => {
    const tenant = { tenantId: 't-once', logOrigin: world.newOrigin() };
    const asks = Array.from({ length: 10 }, () => world.askForTenant(vault, tenant));
    const answers = await Promise.all(asks);
    // Ten at once may be more than a busy machine connects in time; none of them is told of another tenant.
    const made = answers.filter(({ status }) => status !== 503);
    for (const answer of made) expect(answer).toEqual({ status: 201, body: tenant });
    expect(await world.askForTenant(vault, tenant)).toEqual({ status: 201, body: tenant });
    const client = world.client('payroll', 't-once');
    expect(await storeNumbers(vault, { tenantId: 't-once', client }, 3)).toHaveLength(3);
  });

  it('keeps its log, and a log its tenant', async () => {
    const mine = { tenantId: 't-mine', logOrigin: world.newOrigin() };
    await world.askForTenant(vault, mine);
    const otherLog = { ...mine, logOrigin: world.newOrigin() };
    expect(problemOf(await world.askForTenant(vault, otherLog))).toBe('409 tenant-exists');
    const otherTenant = { ...mine, tenantId: 't-other' };
    expect(problemOf(await world.askForTenant(vault, otherTenant))).toBe('409 tenant-exists');
    expect(await world.askForTenant(vault, mine)).toEqual({ status: 201, body: mine });
  });

  it.each([
    [
      'a log the trust policy does not know',
      { logOrigin: 'elsewhere/access/1' },
      '400 invalid-request',
    ],
    ['an id with capitals', { tenantId: 'T-1' }, '400 invalid-request'],
    ['an id of one letter', { tenantId: 't' }, '400 invalid-request'],
  ])('is not made with %s', async (_what, changes, problem) => {
    const tenant = { tenantId: 't-new', logOrigin: world.newOrigin(), ...changes };
    expect(problemOf(await world.askForTenant(vault, tenant))).toBe(problem);
  });

  it('is made by an administrator of the operator company only', async () => {
    const tenant = { tenantId: 't-new', logOrigin: world.newOrigin() };
    const refused = await world.askForTenant(vault, tenant, 'number:write');
    expect(problemOf(refused)).toBe('403 scope-missing');
    const client = world.client('payroll', 't-new');
    const token = await client.token({ scope: 'admin' });
    const { certificate } = client;
    const own = await vault.call('/internal/tenants', { ...tenant, token, certificate });
    expect(problemOf(own)).toBe('404 not-found');
  });
});
