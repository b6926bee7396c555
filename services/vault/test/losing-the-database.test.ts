import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createDatabaseOn, startTestServer } from '@mnv/testing';
import type { FaultyProxy, TestServer } from '@mnv/testing';
import { outcomesOf, problemOf } from './world/answers.ts';
import { startFailingDatabase } from './world/failing-database.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let server: TestServer;
let proxy: FaultyProxy;
let world: World;
let vault: RunningVault;
let tenant: Tenant;
let one: Stored;

beforeAll(async () => {
  server = await startTestServer({ durability: 'durable' });
  const database = await startFailingDatabase(await createDatabaseOn(server, 'vault'));
  proxy = database.proxy;
  world = await createWorld();
  vault = await world.startVault({ dsn: database.dsn });
  tenant = await world.createTenant(vault, 't-001');
  [one] = (await storeNumbers(vault, tenant)) as [Stored];
});
afterAll(async () => {
  await world.close();
  await proxy.close();
  await server.remove();
});

async function disclose() {
  const options = { tenant: 't-001', recordIds: [one.recordId] };
  const intent = await makeIntent(tenant.client, options);
  return vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent]));
}

const store = () =>
  storeLines(vault, tenant, { lines: [{ key: randomUUID(), record: makeRecord() }] });

async function read() {
  const { tenantId, client } = tenant;
  const evidence = { token: await client.token(), certificate: client.certificate };
  const question = { ...evidence, tenantId, rid: randomUUID(), recordId: one.recordId };
  return vault.call('/internal/records/read', question);
}

/** The same as a proxy does it: what is asked while the database is away makes the log grow, and is not released. */
async function discloseAsAsked() {
  const answer = await disclose();
  const { newestSize } = answer.body as { newestSize?: number };
  if (newestSize === undefined) return answer;
  const options = { tenant: 't-001', recordIds: [one.recordId] };
  const ticket = logAndMakeTicket(tenant.log, [await makeIntent(tenant.client, options)]);
  const consistency = tenant.log.consistency(newestSize, tenant.log.size);
  return vault.call('/internal/disclosures', { ...ticket, consistency });
}

async function expectService(): Promise<void> {
  expect(outcomesOf(await untilAnswered(discloseAsAsked))).toEqual([[one.label]]);
  await untilAnswered(store);
  await untilAnswered(read);
}

/** New connections take a moment on a machine that is busy; nobody has to help. */
async function untilAnswered(ask: () => ReturnType<typeof store>): ReturnType<typeof store> {
  let answer = await ask();
  while (answer.status === 503) answer = await ask();
  expect(answer.status).toBe(200);
  return answer;
}

describe('a database that is away', () => {
  it('is answered with 503, and work goes on when it is back after a crash', async () => {
    await server.stop('immediate');
    for (const answer of [await disclose(), await store(), await read()])
      expect(problemOf(answer)).toBe('503 database-unavailable');
    expect(outcomesOf(await disclose())).toEqual(['503 database-unavailable']);
    await server.start();
    await expectService();
  });

  // Without a deadline of our own the database's would be waited for, and its code would be another one.
  it('is waited for no longer than the deadline when it hangs, and work goes on when it answers', async () => {
    await read(); // leaves a connection that takes the next question, and never answers it
    proxy.cut('to-client');
    expect(problemOf(await read())).toBe('503 deadline-exceeded');
    for (const answer of [await disclose(), await store()]) expect(answer.status).toBe(503);
    proxy.heal();
    proxy.reset();
    await expectService();
  });

  it('leaves no queue behind when many asked while it hung', async () => {
    proxy.cut('to-client');
    const asked = Array.from({ length: 24 }, () => disclose());
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(503);
    proxy.heal();
    proxy.reset();
    await expectService();
  });
});
