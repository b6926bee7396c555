import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outcomesOf } from './world/answers.ts';
import { HonestProxy } from './world/honest-proxy.ts';
import { makeIntent } from './world/intent.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const CLIENTS = 64;
const REQUESTS_EACH = 6;

let world: World;
let vaults: [RunningVault, RunningVault];
let tenants: { tenant: Tenant; stored: Stored[] }[];

beforeAll(async () => {
  world = await createWorld();
  vaults = [await world.startVault(), await world.startVault()];
  tenants = [];
  for (const tenantId of ['t-001', 't-002', 't-003']) {
    const tenant = await world.createTenant(vaults[0], tenantId);
    tenants.push({ tenant, stored: await storeNumbers(vaults[0], tenant, 20) });
  }
});
afterAll(() => world.close());

/** What a machine too busy for the deadline answers: no refusal, and it is asked anew. */
const TOO_BUSY = '503 deadline-exceeded';

/**
 * One client asks again and again, each time through the other proxy, until it has had all it wants. Answers
 * what it got instead of numbers.
 */
async function refusalsOf(client: number, proxies: HonestProxy[]): Promise<unknown[]> {
  const { tenant, stored } = tenants[client % tenants.length] as (typeof tenants)[0];
  const refusals: unknown[] = [];
  for (let turn = 0, answered = 0; answered < REQUESTS_EACH; turn += 1) {
    const one = stored[(client + turn) % stored.length] as Stored;
    const { tenantId } = tenant;
    const intent = await makeIntent(tenant.client, { tenant: tenantId, recordIds: [one.recordId] });
    const proxy = proxies[(client + turn) % proxies.length] as HonestProxy;
    const [outcome] = outcomesOf(await proxy.disclose(tenant.log, intent));
    if (outcome !== TOO_BUSY) answered += 1;
    if (!Array.isArray(outcome) || outcome[0] !== one.label) refusals.push(outcome);
  }
  return refusals;
}

async function count(query: string): Promise<number> {
  const pool = world.database.pool('postgres', { max: 1 });
  const { rows } = await pool.query<{ count: string }>(query);
  await pool.end();
  return Number(rows[0]?.count);
}

describe('64 honest clients of three logs, two proxies and two vaults', () => {
  it('are refused nothing, and each of their releases has its row', async () => {
    const proxies = vaults.map((vault) => new HonestProxy(vault));
    const clients = Array.from({ length: CLIENTS }, (_, client) => refusalsOf(client, proxies));
    const refusals = (await Promise.all(clients)).flat();
    expect(refusals.filter((one) => one !== TOO_BUSY)).toEqual([]);
    const [released, wanted] = [
      await count('select count(*) from vault.release'),
      CLIENTS * REQUESTS_EACH,
    ];
    expect(released).toBeGreaterThanOrEqual(wanted); // an answer that came too late may have its row as well
    expect(released).toBeLessThanOrEqual(wanted + refusals.length);
    expect(await count('select count(*) from vault.log_fork')).toBe(0);
  });

  it('leave one history of each log, with every checkpoint in it', async () => {
    const pool = world.database.pool('postgres', { max: 1 });
    for (const { tenant } of tenants) {
      const { rows } = await pool.query<{ size: string; root: Buffer }>(
        'select size, root from vault.seen_checkpoint where log_id = $1',
        [tenant.log.origin],
      );
      expect(rows.length).toBeGreaterThan(1);
      for (const { size, root } of rows) {
        expect(root.equals(tenant.log.rootAt(Number(size)))).toBe(true);
      }
    }
    await pool.end();
  });
});
