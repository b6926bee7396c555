import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Ticket } from '@mnv/protocol';
import { outcomesOf } from './world/answers.ts';
import type { Intent } from './world/intent.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let second: RunningVault;
let tenant: Tenant;
let one: Stored;
let other: Stored;
let intent: Intent;
let ticket: Ticket;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  second = await world.startVault();
});
beforeEach(async () => {
  tenant = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
  [one, other] = (await storeNumbers(vault, tenant, 2)) as [Stored, Stored];
  intent = await intentFor(one);
  ticket = logAndMakeTicket(tenant.log, [intent]);
});
afterAll(() => world.close());

function intentFor(stored: Stored, options: { rid?: string; token?: string } = {}) {
  const { tenantId, client } = tenant;
  return makeIntent(client, { tenant: tenantId, recordIds: [stored.recordId], ...options });
}

const show = async (by: RunningVault, shown: Ticket) =>
  outcomesOf(await by.call('/internal/disclosures', shown));

describe('a request that was used', () => {
  it('releases nothing again with the same ticket, on this instance or another', async () => {
    expect(await show(vault, ticket)).toEqual([[one.label]]);
    expect(await show(vault, ticket)).toEqual(['request-replayed']);
    expect(await show(second, ticket)).toEqual(['request-replayed']);
  });

  it('releases nothing again after a restart', async () => {
    expect(await show(vault, ticket)).toEqual([[one.label]]);
    expect(await show(await world.startVault(), ticket)).toEqual(['request-replayed']);
  });

  it('releases nothing again when it is logged again', async () => {
    expect(await show(vault, ticket)).toEqual([[one.label]]);
    expect(await show(vault, logAndMakeTicket(tenant.log, [intent]))).toEqual(['request-replayed']);
    expect(await releaseRows(world.database, intent.rid)).toHaveLength(1);
  });

  it('releases nothing under its id for other records, even signed by the client', async () => {
    expect(await show(vault, ticket)).toEqual([[one.label]]);
    const again = await intentFor(other, { rid: intent.rid });
    expect(await show(vault, logAndMakeTicket(tenant.log, [again]))).toEqual(['request-replayed']);
  });

  it('is released once when one ticket names it twice, and the others of the ticket are not hurt', async () => {
    const honest = await intentFor(other);
    const shown = logAndMakeTicket(tenant.log, [intent, intent, honest]);
    expect(await show(vault, shown)).toEqual([[one.label], 'request-replayed', [other.label]]);
  });

  it('is released once when it is shown 40 times at once to two instances', async () => {
    const shows = Array.from({ length: 40 }, (_, at) => show(at % 2 ? vault : second, ticket));
    const outcomes = (await Promise.all(shows)).flat();
    expect(outcomes.filter((outcome) => outcome !== 'request-replayed')).toEqual([[one.label]]);
    expect(await releaseRows(world.database, intent.rid)).toHaveLength(1);
  });

  it('keeps its id from nobody in another tenant', async () => {
    expect(await show(vault, ticket)).toEqual([[one.label]]);
    const neighbour = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const [theirs] = (await storeNumbers(vault, neighbour, 1)) as [Stored];
    const same = await makeIntent(neighbour.client, {
      tenant: neighbour.tenantId,
      recordIds: [theirs.recordId],
      rid: intent.rid,
    });
    expect(await show(vault, logAndMakeTicket(neighbour.log, [same]))).toEqual([[theirs.label]]);
  });

  it('leaves its token good for another request', async () => {
    expect(await show(vault, ticket)).toEqual([[one.label]]);
    const next = await intentFor(other, { token: intent.token });
    expect(await show(vault, logAndMakeTicket(tenant.log, [next]))).toEqual([[other.label]]);
  });

  it('is refused by an instance of another audience, and not used up by it', async () => {
    const foreign = await world.startVault({ audience: 'another-service' });
    expect(await show(foreign, ticket)).toEqual(['token-invalid']);
    expect(await show(vault, ticket)).toEqual([[one.label]]);
  });

  it('is refused half a minute later, by the clock of the vault', async () => {
    const later = await world.startVault({ clock: () => Date.now() + 31_000 });
    expect(await show(later, ticket)).toEqual(['not-permitted']);
    const tomorrow = await world.startVault({ clock: () => Date.now() + 86_400_000 });
    expect(await show(tomorrow, ticket)).toEqual(['token-invalid']);
    expect(await releaseRows(world.database, intent.rid)).toEqual([]);
  });
});
