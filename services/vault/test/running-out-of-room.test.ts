import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { problemOf } from './world/answers.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { makeRecord } from './world/number-record.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let full: RunningVault;
let tenant: Tenant;
let stored: Stored;

beforeAll(async () => {
  world = await createWorld();
  const roomy = await world.startVault();
  tenant = await world.createTenant(roomy, 't-001');
  [stored] = (await storeNumbers(roomy, tenant)) as [Stored];
  full = await world.startVault({ budgetBytes: 1 });
});
afterAll(() => world.close());

describe('a vault whose database has used up its budget', () => {
  it('releases nothing, and consumes nothing', async () => {
    const { tenantId, client, log } = tenant;
    const intent = await makeIntent(client, { tenant: tenantId, recordIds: [stored.recordId] });
    const answer = await full.call('/internal/disclosures', logAndMakeTicket(log, [intent]));
    expect(problemOf(answer)).toBe('503 database-unavailable');
    expect(await releaseRows(world.database, intent.rid)).toEqual([]);
  });

  it('stores nothing', async () => {
    const lines = [{ key: randomUUID(), record: makeRecord() }];
    expect(problemOf(await storeLines(full, tenant, { lines }))).toBe('503 database-unavailable');
  });

  it('still shows the metadata of what it keeps', async () => {
    const { tenantId, client } = tenant;
    const answer = await full.call('/internal/records/read', {
      token: await client.token(),
      certificate: client.certificate,
      tenantId,
      rid: randomUUID(),
      recordId: stored.recordId,
    });
    expect(answer.status).toBe(200);
  });
});
