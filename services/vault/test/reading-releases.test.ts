import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf } from './world/answers.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let other: Tenant;
let stored: Stored[];

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
  other = await world.createTenant(vault, 't-002');
  stored = await storeNumbers(vault, tenant, 400);
});
afterAll(() => world.close());

type Page = {
  releases: {
    rid: string;
    day: string;
    log: string;
    first: number;
    entries: string[];
    at: string;
  }[];
  next?: { day: string; rid: string };
};

async function read(
  of: Tenant,
  { after = undefined as object | undefined, scope = 'log:read' } = {},
) {
  const { tenantId, client } = of;
  const token = await client.token({ scope });
  const evidence = { token, certificate: client.certificate, tenantId };
  return vault.call('/internal/releases/read', { ...evidence, ...(after && { after }) });
}

async function release(of: Tenant, records: Stored[]): Promise<string> {
  const recordIds = records.map((one) => one.recordId);
  const intent = await makeIntent(of.client, { tenant: of.tenantId, recordIds });
  const answer = await vault.call('/internal/disclosures', logAndMakeTicket(of.log, [intent]));
  if (answer.status !== 200) throw new Error(`not released: ${problemOf(answer)}`);
  return intent.rid;
}

async function everyPage(of: Tenant): Promise<Page[]> {
  const pages: Page[] = [];
  let after: object | undefined;
  do {
    const { body } = await read(of, { after });
    pages.push(body as Page);
    after = pages.at(-1)?.next;
  } while (after);
  return pages;
}

describe('what the vault remembers of its releases', () => {
  it('is nothing before the first', async () => {
    expect(await read(tenant)).toEqual({ status: 200, body: { releases: [] } });
  });

  it('is every released request with the bytes of its entries, page by page', async () => {
    const rids: string[] = [];
    for (let times = 0; times < 12; times += 1) rids.push(await release(tenant, stored));
    rids.push(await release(tenant, stored.slice(0, 1)));

    const pages = await everyPage(tenant);

    const releases = pages.flatMap((page) => page.releases);
    expect(releases.map(({ rid }) => rid).toSorted()).toEqual(rids.toSorted());
    expect(pages.length).toBeGreaterThan(2);
    for (const { rid, entries, first, log } of releases) {
      const [row] = await releaseRows(world.database, rid);
      expect(entries).toEqual(row?.entries.map((entry) => entry.toString('base64')));
      expect([first, log]).toEqual([row?.firstIndex, tenant.log.origin]);
    }
  });

  it('is told to nobody of another tenant, and to nobody who may not read the log', async () => {
    const foreign = await read({ ...other, tenantId: tenant.tenantId });
    const unauthorised = await read(tenant, { scope: 'number:read report:read' });

    expect(problemOf(foreign)).toBe('404 not-found');
    expect(problemOf(unauthorised)).toBe('403 scope-missing');
    expect(await read(other)).toEqual({ status: 200, body: { releases: [] } });
  });

  it.each([{ day: '2026-13-40', rid: crypto.randomUUID() }, { day: '2026-01-01' }, { rid: 'x' }])(
    'is not read behind %j',
    async (after) => {
      const answer = await read(tenant, { after });

      expect(problemOf(answer)).toBe('400 invalid-request');
    },
  );
});
