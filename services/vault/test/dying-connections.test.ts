import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { FaultyProxy } from '@mnv/testing';
import { labelOf, outcomesOf, problemOf } from './world/answers.ts';
import { DIRECTIONS, dieLaterEachTime, startFailingDatabase } from './world/failing-database.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { makeRecord } from './world/number-record.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

/** The last is the caller's own deadline, on a machine that is busy. */
const UNAVAILABLE = ['503 database-unavailable', '503 deadline-exceeded', '503 vault-unavailable'];

let world: World;
let sound: RunningVault;
let failing: RunningVault;
let proxy: FaultyProxy;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  sound = await world.startVault();
  tenant = await world.createTenant(sound, 't-001');
  const database = await startFailingDatabase(world.database.dsnOf('vault_service'));
  proxy = database.proxy;
  failing = await world.startVault({ dsn: database.dsn, quiet: true });
});
afterAll(async () => {
  await world.close();
  await proxy.close();
});

async function count(from: string, values: unknown[]): Promise<number> {
  const query = `select count(*)::int as n from ${from}`;
  const [row] = await asAdministrator<{ n: number }>(world.database, query, values);
  return row?.n ?? 0;
}

async function discloseBySound(recordId: string): Promise<unknown> {
  const intent = await makeIntent(tenant.client, { tenant: 't-001', recordIds: [recordId] });
  return outcomesOf(
    await sound.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent])),
  );
}

describe('storing while the connection to the database dies, at every point of the transaction', () => {
  it.each(DIRECTIONS)('stores all or nothing, and a repeat finishes (%s)', async (direction) => {
    let unanswered = 0;
    const deaths = await dieLaterEachTime(proxy, direction, async () => {
      const record = makeRecord();
      const call = { lines: [{ key: randomUUID(), record }] };
      const answer = await storeLines(failing, tenant, call);
      if (answer.status !== 200) expect(UNAVAILABLE).toContain(problemOf(answer));
      const records = await count('vault.number_record where individual_ref = $1', [
        record.individualRef,
      ]);
      const keys = await count('vault.idempotency where key = $1', [call.lines[0]?.key]);
      expect(keys).toBe(records);
      if (answer.status === 200) expect(records).toBe(1);
      else unanswered += records;
      const repeat = await storeLines(sound, tenant, call);
      const [line] = (repeat.body as { lines: { recordId: string }[] }).lines;
      expect(await discloseBySound(line?.recordId ?? '')).toEqual([
        [labelOf(record.individualNumber)],
      ]);
      return answer.status === 200;
    });
    expect(deaths).toBeGreaterThan(unanswered);
    if (direction === 'to-client') expect(unanswered).toBeGreaterThan(0);
  });
});

describe('making a tenant while the connection dies, at every point of the transaction', () => {
  it.each(DIRECTIONS)(
    'makes all of it or nothing, and a repeat finishes (%s)',
    async (direction) => {
      let unanswered = 0;
      const deaths = await dieLaterEachTime(proxy, direction, async () => {
        const tenantId = `t-${randomUUID().slice(0, 8)}`;
        const asked = { tenantId, logOrigin: world.newOrigin() };
        const answer = await world.askForTenant(failing, asked);
        if (answer.status !== 201) expect(UNAVAILABLE).toContain(problemOf(answer));
        const trees = await count('vault.tree where tenant_id = $1', [tenantId]);
        expect(await count('vault.tenant where tenant_id = $1', [tenantId])).toBe(trees);
        if (answer.status === 201) expect(trees).toBe(1);
        else unanswered += trees;
        expect((await world.askForTenant(sound, asked)).status).toBe(201);
        const client = world.client('payroll', tenantId);
        expect(await storeNumbers(sound, { tenantId, client })).toHaveLength(1);
        return answer.status === 201;
      });
      expect(deaths).toBeGreaterThan(unanswered);
      if (direction === 'to-client') expect(unanswered).toBeGreaterThan(0);
    },
  );
});

describe('releasing while the connection dies, at every point of it', () => {
  it.each(DIRECTIONS)('answers no number without a committed row (%s)', async (direction) => {
    const [one] = (await storeNumbers(sound, tenant)) as [Stored];
    let unanswered = 0;
    const deaths = await dieLaterEachTime(proxy, direction, async () => {
      const options = { tenant: 't-001', recordIds: [one.recordId] };
      const intent = await makeIntent(tenant.client, options);
      const ticket = logAndMakeTicket(tenant.log, [intent]);
      const answer = await failing.call('/internal/disclosures', ticket);
      const rows = await releaseRows(world.database, intent.rid);
      if (answer.status === 200) expect(rows).toHaveLength(1);
      else unanswered += rows.length;
      if (answer.status !== 200) expect(UNAVAILABLE).toContain(problemOf(answer));
      const repeat = outcomesOf(await sound.call('/internal/disclosures', ticket));
      expect(repeat).toEqual(rows.length === 1 ? ['request-replayed'] : [[one.label]]);
      return answer.status === 200;
    });
    expect(deaths).toBeGreaterThan(unanswered);
    if (direction === 'to-client') expect(unanswered).toBeGreaterThan(0);
  });
});
