import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { outcomesOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { ProxyLog } from './world/proxy-log.ts';
import type { RunningVault } from './world/running-vault.ts';
import { showRequest } from './world/show-request.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

/**
 * A head is accepted before it is on disk, and a server that crashes may lose the newest ones, with every release
 * under them. An instance that goes on remembers what its database no longer has.
 */
let world: World;
let vaults: [RunningVault, RunningVault];
let tenant: Tenant;
let one: Stored;
let log: ProxyLog;

beforeAll(async () => {
  world = await createWorld();
  vaults = [await world.startVault(), await world.startVault()];
});
afterAll(() => world.close());

/** Both instances know the log up to two entries, and the first of them one more that is lost. */
beforeEach(async () => {
  tenant = await world.createTenant(vaults[0], `t-${randomUUID().slice(0, 8)}`);
  [one] = (await storeNumbers(vaults[0], tenant, 1)) as [Stored];
  log = tenant.log;
  for (const vault of vaults) expect(await show(vault, log)).toEqual([[one.label]]);
});

const show = async (vault: RunningVault, shown: ProxyLog, from?: number) =>
  outcomesOf(await showRequest(vault, tenant, { log: shown, one, from }));

/** What a crash of the server leaves, whose log of writes had reached the disk up to that head. */
async function loseHeadsAfter(size: number): Promise<void> {
  for (const lost of [
    'delete from vault.release where log_id = $1 and first_index >= $2',
    'delete from vault.seen_checkpoint where log_id = $1 and size > $2',
  ])
    await asAdministrator(world.database, lost, [log.origin, size]);
}

async function acceptedSizes(): Promise<number[]> {
  const rows = await asAdministrator<{ size: string }>(
    world.database,
    'select size from vault.seen_checkpoint where log_id = $1 order by size',
    [log.origin],
  );
  return rows.map(({ size }) => Number(size));
}

/** Shows one ticket, and the same again proven from whatever size the vault asks for: what a proxy does. */
async function showAsAsked(vault: RunningVault, shown: ProxyLog): Promise<(string | string[])[]> {
  const intent = await makeIntent(tenant.client, {
    tenant: tenant.tenantId,
    recordIds: [one.recordId],
  });
  const ticket = logAndMakeTicket(shown, [intent]);
  let answer = await vault.call('/internal/disclosures', ticket);
  for (let left = 5; left > 0 && answer.status === 409; left -= 1) {
    const { newestSize } = answer.body as { newestSize: number };
    const consistency = shown.consistency(newestSize, shown.size);
    answer = await vault.call('/internal/disclosures', { ...ticket, consistency });
  }
  return outcomesOf(answer);
}

describe('a vault whose database lost the newest heads it had accepted', () => {
  it.each([2, 1, 0])('goes on from what is left, up to %i entries', async (left) => {
    await show(vaults[0], log);
    await show(vaults[0], log);
    await loseHeadsAfter(left);

    expect(await showAsAsked(vaults[0], log)).toEqual([[one.label]]);
    expect(await showAsAsked(vaults[1], log)).toEqual([[one.label]]);
    expect(await show(vaults[0], log, log.size)).toEqual([[one.label]]);
  });

  it('releases nothing under a head that only it remembers: the head is accepted once more before', async () => {
    const intent = await makeIntent(tenant.client, {
      tenant: tenant.tenantId,
      recordIds: [one.recordId],
    });
    const ticket = logAndMakeTicket(log, [intent]);
    const present = async () => outcomesOf(await vaults[0].call('/internal/disclosures', ticket));
    expect(await present()).toEqual([[one.label]]);
    await loseHeadsAfter(2);

    expect(await present()).toEqual([[one.label]]);
    expect(await acceptedSizes()).toContain(log.size);
  });

  it.each([0, 1, 3])(
    'finds the fork that was shown to another meanwhile, %i entries longer',
    async (longer) => {
      const other = log.fork();
      await show(vaults[0], log);
      await loseHeadsAfter(2);
      other.append(Array.from({ length: longer }, () => randomBytes(8)));
      expect(await show(vaults[1], other, 2)).toEqual([[one.label]]);

      log.append(Array.from({ length: longer }, () => randomBytes(8)));
      expect(await show(vaults[0], log, other.size)).toEqual(['503 log-forked']);
    },
  );
});
