import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { IndividualNumber } from '@mnv/core';
import { makeIndividualNumber } from '@mnv/testing';
import { makeBeginInternalAct } from '../src/internal-act.ts';
import { isNight } from '../src/duplicates/night.ts';
import { sweepTenants } from '../src/duplicates/sweep-tenants.ts';
import { problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog, until } from './world/control-log.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

type Page = {
  comparedBefore?: string;
  compared: number;
  count: number;
  records: { recordId: string; holders: string }[];
};

const NIGHT = { upkeep: { isNight: () => true, scrubPassMs: Number.POSITIVE_INFINITY } };

let world: World;
let vault: RunningVault;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
afterAll(() => world.close());

const newTenant = () => world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);

async function storeSingly(tenant: Tenant, changes: object): Promise<string> {
  const lines = [{ key: randomUUID(), record: makeRecord(changes) }];
  const { body } = await storeLines(vault, tenant, { lines });
  return (body as { lines: { recordId: string }[] }).lines[0]!.recordId;
}

async function ask(tenant: Tenant, more: object = {}) {
  const token = await tenant.client.token({ scope: 'record:read' });
  const { tenantId, client } = tenant;
  const evidence = { token, certificate: client.certificate, rid: randomUUID() };
  return vault.call('/internal/duplicates', { ...evidence, tenantId, limit: 1000, ...more });
}
const found = async (tenant: Tenant, more?: object) => (await ask(tenant, more)).body as Page;

/** Runs an instance for which it is night, until it has looked at every tenant. */
async function night(): Promise<void> {
  const lease = () =>
    asAdministrator<{ holder: string; over: boolean }>(
      world.database,
      "select holder, held_until <= now() as over from vault.job_lease where job = 'duplicate-sweep'",
    );
  const [before] = await lease();
  const instance = await world.startVault(NIGHT);
  await until(async () => {
    const [now] = await lease();
    return now && now.over && now.holder !== before?.holder ? true : undefined;
  });
  await instance.close();
}

async function sweep(tenant: Tenant): Promise<Page> {
  await night();
  return found(tenant);
}

/** All that a tenant has, and the last sweep over it, becomes a day older. */
async function passDay({ tenantId }: Tenant): Promise<void> {
  for (const [table, column] of [
    ['number_record', 'stored_at'],
    ['duplicate_sweep', 'stored_before'],
  ])
    await asAdministrator(
      world.database,
      `update vault.${table} set ${column} = ${column} - interval '1 day' where tenant_id = $1`,
      [tenantId],
    );
}

const comparisons = async () =>
  (await entriesOf(await openControlLog(vault, world.controlVkey))).filter(
    (entry) => entry.op === 'internal.opened' && entry.reason === 'duplicate-check',
  );

describe('the sweep at night', () => {
  it('finds the records of several people with one number, those of one person not', async () => {
    const tenant = await newTenant();
    const other = await newTenant();
    const stored = await storeNumbers(vault, tenant, 5);
    const [first, second, same] = stored as [Stored, Stored, Stored];
    const { individualNumber } = first;
    const twin = await storeSingly(tenant, { individualNumber });
    const payee = { subject: 'P', purposes: ['PAY-309'] };
    const firstAsPayee = await storeSingly(tenant, {
      individualNumber,
      individualRef: first.individualRef,
      ...payee,
    });
    const [n2, n3] = [second.individualNumber, same.individualNumber];
    const thief = await storeSingly(tenant, { individualNumber: n2 });
    await storeSingly(tenant, {
      individualNumber: n3,
      individualRef: same.individualRef,
      ...payee,
    });
    await storeSingly(other, { individualNumber });

    const page = await sweep(tenant);

    const groups = Map.groupBy(page.records, ({ holders }) => holders);
    const ids = [...groups.values()].map((some) => some.map(({ recordId }) => recordId).toSorted());
    expect(ids.toSorted((a, b) => b.length - a.length)).toEqual([
      [first.recordId, twin, firstAsPayee].toSorted(),
      [second.recordId, thief].toSorted(),
    ]);
    expect(page).toMatchObject({ count: 5, compared: 9 });
    expect(await found(other)).toMatchObject({ count: 0, compared: 1, records: [] });
  });

  it('opens a tenant again only when something was stored since, and says so in the control log', async () => {
    const tenant = await newTenant();
    const idle = await newTenant();
    await storeSingly(tenant, {});
    await passDay(tenant);
    await night();
    const before = (await comparisons()).length;
    await passDay(tenant);
    await night();
    expect(await comparisons()).toHaveLength(before);

    await storeSingly(tenant, {});
    await night();
    expect((await comparisons()).slice(before)).toEqual([expect.objectContaining({ cnt: 2 })]);
    expect(await found(idle)).toEqual({ compared: 0, count: 0, records: [] });
  });

  it('tells no more of a record once it, or the other one, was disposed of', async () => {
    const tenant = await newTenant();
    const [first] = (await storeNumbers(vault, tenant)) as [Stored];
    await storeSingly(tenant, { individualNumber: first.individualNumber });
    expect(await sweep(tenant)).toMatchObject({ count: 2 });
    const dispose = 'update vault.number_record set disposed_at = now() where record_id = $1';
    await asAdministrator(world.database, dispose, [first.recordId]);
    expect(await found(tenant)).toMatchObject({ count: 0, records: [] });
  });

  it('keeps nothing of a number', async () => {
    const columns = await asAdministrator<{ column_name: string; data_type: string }>(
      world.database,
      `select column_name, data_type from information_schema.columns
        where table_schema = 'vault' and table_name in ('duplicate_record', 'duplicate_sweep')`,
    );
    expect(columns.map((one) => `${one.column_name} ${one.data_type}`).toSorted()).toEqual([
      'compared bigint',
      'holders uuid',
      'record_id uuid',
      'stored_before timestamp with time zone',
      'tenant_id text',
      'tenant_id text',
    ]);
  });
});

describe('what was found', () => {
  it('is read page by page', async () => {
    const tenant = await newTenant();
    const stored = await storeNumbers(vault, tenant, 3);
    for (const { individualNumber } of stored) await storeSingly(tenant, { individualNumber });
    const whole = await sweep(tenant);
    const pages: Page['records'] = [];
    for (let after: object | undefined; pages.length < 6; after = pages.at(-1)) {
      const { records, count } = await found(tenant, { limit: 4, ...(after && { after }) });
      expect(count === 6 || pages.length > 0).toBe(true);
      pages.push(...records);
    }
    expect(pages).toEqual(whole.records);
  });

  it('is for who may read records of this tenant alone', async () => {
    const tenant = await newTenant();
    const token = await tenant.client.token({ scope: 'number:read' });
    expect(problemOf(await ask(tenant, { token }))).toBe('403 scope-missing');
    expect(problemOf(await ask({ ...tenant, tenantId: 't-none' }))).toBe('404 not-found');
    expect(problemOf(await ask(tenant, { limit: 1001 }))).toBe('400 invalid-request');
  });
});

describe('a tenant with more numbers than are compared at a time', () => {
  it('is compared in several rounds, and everything is found', async () => {
    const numbers = Array.from(
      { length: 30 },
      () => IndividualNumber.parse(makeIndividualNumber())!,
    );
    const records = [...numbers, ...numbers.slice(0, 9)].map((number, position) => ({
      number,
      recordId: randomUUID(),
      position,
      blob: Buffer.alloc(0),
      individualRef: `E-${position}`,
    }));
    const numberOf = new Map<string, IndividualNumber>(
      records.map(({ recordId, number }) => [recordId, number]),
    );
    const entries: unknown[] = [];
    let shared: (readonly number[])[] = [];
    await sweepTenants({
      isNight: () => true,
      hold: async () => true,
      tenants: async () => ['t-a'],
      hasUncompared: async () => true,
      sweepsBefore: async () => new Date(),
      countLiving: async () => ({ count: records.length, last: records.length - 1 }),
      readLiving: async (_tenantId, { after, limit }) =>
        records.slice(after + 1, after + 1 + limit),
      beginInternalAct: makeBeginInternalAct({
        append: async (events) => void entries.push(...events),
        openNumbers: async (_tenantId, some) =>
          new Map(some.map(({ recordId }) => [recordId, numberOf.get(recordId)!])),
      }),
      saveSweep: async (_tenantId, sweepFound) => void (shared = [...sweepFound.shared]),
      reportShared: () => undefined,
      clock: Date.now,
      numbersARound: 10,
      signal: new AbortController().signal,
    });
    expect(entries).toHaveLength(4);
    const pairs = shared.map((positions) => positions.toSorted((a, b) => a - b));
    expect(pairs.toSorted((a, b) => a[0]! - b[0]!)).toEqual(
      Array.from({ length: 9 }, (_, at) => [at, at + 30]),
    );
  });
});

describe('night', () => {
  it.each([
    ['2026-11-25T00:59:59+09:00', false],
    ['2026-11-25T01:00:00+09:00', true],
    ['2026-11-25T04:59:59+09:00', true],
    ['2026-11-25T05:00:00+09:00', false],
    ['2026-11-25T12:00:00+09:00', false],
  ])('at %s in Tokyo: %s', (instant, expected) => {
    expect(isNight(Date.parse(instant))).toBe(expected);
  });
});
