import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Ticket } from '@mnv/protocol';
import { newLogKey } from '@mnv/transparency-log';
import { outcomesOf } from './world/answers.ts';
import type { Intent } from './world/intent.ts';
import { logAndMakeTicket, makeIntent, makeTicket } from './world/intent.ts';
import { ProxyLog } from './world/proxy-log.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let one: Stored;
let intent: Intent;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
beforeEach(async () => {
  tenant = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
  [one] = (await storeNumbers(vault, tenant, 1)) as [Stored];
  intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds: [one.recordId] });
  tenant.log.append([randomBytes(40), randomBytes(40), randomBytes(40)]);
});
afterAll(() => world.close());

/** An honest ticket: entry 3 of a log of 5. */
function honestTicket(): Ticket {
  const first = tenant.log.append(intent.entries);
  tenant.log.append([randomBytes(40)]);
  return makeTicket(tenant.log, [intent], { first });
}

async function expectNothing(ticket: object, outcome: string): Promise<void> {
  const answer = await vault.call('/internal/disclosures', ticket);
  expect(outcomesOf(answer)).toEqual([outcome]);
  expect(JSON.stringify(answer.body)).not.toContain('individualNumber');
  expect(await releaseRows(world.database, intent.rid)).toEqual([]);
}

describe('a proxy that does not log what it shows', () => {
  it.each<[string, (ticket: Ticket) => Partial<Ticket>]>([
    ['at another index', (ticket) => ({ first: ticket.first - 1 })],
    ['beyond the end', () => ({ first: 5 })],
    ['under another size', () => ({ treeSize: 4 })],
    ['with no proof', () => ({ proof: [] })],
    ['with half a proof', ({ proof }) => ({ proof: proof.slice(1) })],
    ['with a proof too long', ({ proof }) => ({ proof: [...proof, proof[0] as string] })],
    ['with a changed proof', ({ proof }) => ({ proof: [noise(), ...proof.slice(1)] })],
    ['with another entry', () => ({ entries: [Buffer.from('other').toString('base64')] })],
    ['with an entry more', ({ entries }) => ({ entries: [...entries, ...entries] })],
    ['under a root of its own', (ticket) => ({ checkpoint: withNoise(ticket.checkpoint) })],
    ['under no checkpoint', () => ({ checkpoint: '' })],
  ])('gets nothing for entries %s', async (_lie, change) => {
    const ticket = honestTicket();
    await expectNothing({ ...ticket, ...change(ticket) }, '403 not-permitted');
    expect(outcomesOf(await vault.call('/internal/disclosures', ticket))).toEqual([[one.label]]);
  });

  it('gets nothing when the ticket covers fewer entries than the request', async () => {
    const [more] = (await storeNumbers(vault, tenant, 1)) as [Stored];
    const ids = [one.recordId, more.recordId];
    intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds: ids });
    const ticket = honestTicket();
    const [line] = ticket.requests;
    await expectNothing({ ...ticket, requests: [{ ...line, n: 1 }] }, 'request-signature-invalid');
    await expectNothing(
      { ...ticket, requests: [{ ...line, offset: 1 }] },
      'request-signature-invalid',
    );
  });

  it('gets nothing for a log that is not the tenant’s', async () => {
    const log = world.newLog();
    await expectNothing(logAndMakeTicket(log, [intent]), '403 not-permitted');
  });

  it('gets nothing for the log of another tenant', async () => {
    const other = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    await expectNothing(logAndMakeTicket(other.log, [intent]), 'not-permitted');
  });

  it('gets nothing for a checkpoint of another log under the name of this one', async () => {
    const other = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const ticket = logAndMakeTicket(other.log, [intent]);
    await expectNothing({ ...ticket, log: tenant.log.origin }, '403 not-permitted');
  });

  it('gets nothing for a checkpoint signed by a key that is not pinned', async () => {
    const forged = new ProxyLog(tenant.log.origin, newLogKey('other').privateKey);
    await expectNothing(logAndMakeTicket(forged, [intent]), '403 not-permitted');
  });

  it('gets nothing for a ticket that is not well-formed', async () => {
    const ticket = honestTicket();
    const malformed = [
      {},
      { ...ticket, extra: true },
      { ...ticket, entries: [] },
      { ...ticket, first: -1 },
      { ...ticket, treeSize: 2 ** 60 },
      { ...ticket, proof: ['AAAA'] },
      { ...ticket, requests: [] },
      { ...ticket, entries: Array.from({ length: 501 }, () => ticket.entries[0]) },
    ];
    for (const one of malformed) await expectNothing(one, '400 invalid-request');
  });

  it('leaves the entry it kept to itself in the release row of the vault', async () => {
    const hidden = tenant.log.fork();
    const ticket = logAndMakeTicket(hidden, [intent]);
    expect(outcomesOf(await vault.call('/internal/disclosures', ticket))).toEqual([[one.label]]);
    const [row] = await releaseRows(world.database, intent.rid);
    expect(row).toMatchObject({ firstIndex: 3, entries: intent.entries });
    expect(tenant.log.entriesFrom(3, 1)).toEqual([]);
  });
});

const noise = () => randomBytes(32).toString('base64');

function withNoise(checkpoint: string): string {
  const lines = checkpoint.split('\n');
  lines[2] = noise();
  return lines.join('\n');
}
