import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { outcomesOf, problemOf } from './world/answers.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

/** A machine too busy for the deadline gives no answer: then it is asked anew, as clients do. */
async function disclose(recordIds: string[], { by = vault, of = tenant } = {}) {
  for (;;) {
    const intent = await makeIntent(of.client, { tenant: of.tenantId, recordIds });
    const ticket = logAndMakeTicket(of.log, [intent]);
    const answer = await by.call('/internal/disclosures', ticket);
    if (answer.status !== 503) return outcomesOf(answer);
  }
}

async function store(count: number): Promise<[Stored, ...Stored[]]> {
  return (await storeNumbers(vault, tenant, count)) as [Stored, ...Stored[]];
}

const idsOf = (stored: Stored[]) => stored.map((one) => one.recordId);
const labelsOf = (stored: Stored[]) => stored.map((one) => one.label);

describe('disclosing numbers', () => {
  it('answers what was stored, in the order of the request', async () => {
    const stored = await store(7);
    const wanted = stored.toReversed();
    expect(await disclose(idsOf(wanted))).toEqual([labelsOf(wanted)]);
  });

  it('answers a chunk of 500 records', async () => {
    const stored = await store(500);
    expect(await disclose(idsOf(stored))).toEqual([labelsOf(stored)]);
  });

  it('answers each request of a ticket by itself, the refused one between two honest ones too', async () => {
    const [a, b, c] = (await store(3)) as [Stored, Stored, Stored];
    const ask = (one: Stored) =>
      makeIntent(tenant.client, { tenant: 't-001', recordIds: [one.recordId] });
    const [first, refused, last] = await Promise.all([ask(a), ask(b), ask(c)]);
    refused.entries = [Buffer.from('no entry at all')];
    const ticket = logAndMakeTicket(tenant.log, [first, refused, last]);
    const answer = await vault.call('/internal/disclosures', ticket);
    expect(outcomesOf(answer)).toEqual([[a.label], 'not-permitted', [c.label]]);
  });

  it('keeps the entries in its release row byte for byte, and where they stand in the log', async () => {
    const stored = await store(3);
    const intent = await makeIntent(tenant.client, {
      tenant: 't-001',
      recordIds: idsOf(stored),
    });
    const ticket = logAndMakeTicket(tenant.log, [intent]);
    await vault.call('/internal/disclosures', ticket);
    expect(await releaseRows(world.database, intent.rid)).toEqual([
      { rid: intent.rid, tenantId: 't-001', firstIndex: ticket.first, entries: intent.entries },
    ]);
  });

  it('opens on an instance that has just started what another one stored', async () => {
    const stored = await store(2);
    const restarted = await world.startVault();
    expect(await disclose(idsOf(stored), { by: restarted })).toEqual([labelsOf(stored)]);
  });

  it('answers for each record by itself when it is unknown, disposed of, or held for another purpose', async () => {
    const [living, disposed] = (await store(2)) as [Stored, Stored];
    const [other] = await storeNumbers(vault, tenant, 1, { purposes: ['EI'] });
    await asAdministrator(
      'update vault.number_record set disposed_at = now() where record_id = $1',
      [disposed.recordId],
    );
    const ids = [randomUUID(), disposed.recordId, (other as Stored).recordId, living.recordId];
    expect(await disclose(ids)).toEqual([
      ['record-not-found', 'already-disposed', 'purpose-not-permitted', living.label],
    ]);
  });

  it('answers a damaged record as damaged, and its neighbours with their numbers', async () => {
    const [intact, flipped, swapped] = (await store(3)) as [Stored, Stored, Stored];
    await asAdministrator(
      `update vault.number_record set sealed_number = set_byte(sealed_number, 50,
         get_byte(sealed_number, 50) # 1) where record_id = $1`,
      [flipped.recordId],
    );
    await asAdministrator(
      `update vault.number_record set sealed_number =
         (select sealed_number from vault.number_record where record_id = $2) where record_id = $1`,
      [swapped.recordId, intact.recordId],
    );
    expect(await disclose(idsOf([flipped, intact, swapped]))).toEqual([
      ['record-damaged', intact.label, 'record-damaged'],
    ]);
  });

  it('answers the records of a damaged leaf as damaged, and those of other leaves with their numbers', async () => {
    const other = await world.createTenant(vault, 't-leaf');
    const stored = await storeNumbers(vault, other, 70);
    await asAdministrator(
      `update vault.node set sealed = set_byte(sealed, 900, get_byte(sealed, 900) # 1)
       where level = 0 and idx = 0 and tree = (select ordinal from vault.tree where tenant_id = $1)`,
      ['t-leaf'],
    );
    const restarted = await world.startVault();
    const [outcomes] = await disclose(idsOf(stored), { by: restarted, of: other });
    const damaged = (outcomes as string[]).filter((one) => one === 'record-damaged');
    expect(damaged).toHaveLength(64);
    expect((outcomes as string[]).slice(64)).toEqual(labelsOf(stored).slice(64));
    expect(restarted.logged()).toMatch(/"count":64,.*stored records do not open/);
  });

  it("does not tell another tenant's record from one that never was", async () => {
    const [foreign] = await store(1);
    const other = await world.createTenant(vault, 't-002');
    expect(await disclose([foreign.recordId], { of: other })).toEqual([['record-not-found']]);
    expect(await disclose([randomUUID()], { of: other })).toEqual([['record-not-found']]);
  });

  it('answers no service but the access proxy, and lets nobody else in', async () => {
    const call = vault.asDisposal.json('/internal/disclosures', {}, { deadlineMs: 5_000 });
    expect(problemOf(await call)).toBe('403 not-permitted');
    const stranger = await world.startVault({ callerUri: 'spiffe://test/service/console' });
    await expect(stranger.call('/internal/disclosures', {})).rejects.toMatchObject({
      code: 'vault-unavailable',
    });
  });
});

async function asAdministrator(statement: string, values: unknown[]): Promise<void> {
  const pool = world.database.pool('postgres', { max: 1 });
  const { rowCount } = await pool.query(statement, values);
  expect(rowCount).toBeGreaterThan(0);
  await pool.end();
}
