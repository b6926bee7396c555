import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ControlEntry } from '@mnv/protocol';
import { problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog } from './world/control-log.ts';
import { askForDuplicateCheck, untilBuilt } from './world/duplicate-check.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

type Line = { recordId?: string; warning?: string; problem?: string };

const HELD = 'held-for-another-person';
const NOT_CHECKED = 'duplicates-not-checked';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
beforeEach(async () => {
  tenant = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
});
afterAll(() => world.close());

async function store(
  records: object[],
  { of = tenant, on = vault, route = 'records/batch', keys = records.map(() => randomUUID()) } = {},
): Promise<Line[]> {
  const lines = records.map((record, at) => ({ key: keys[at] ?? '', record }));
  const answer = await storeLines(on, of, { lines, route });
  expect(answer.status).toBe(200);
  return (answer.body as { lines: Line[] }).lines;
}

/** A record of somebody else with the number of this one. */
const another = ({ individualNumber }: Pick<Stored, 'individualNumber'>, changes: object = {}) =>
  makeRecord({ individualNumber, ...changes });

async function openings(): Promise<ControlEntry[]> {
  const entries = await entriesOf(await openControlLog(vault, world.controlVkey));
  return entries.filter(({ op }) => op === 'internal.opened');
}

const warningsOf = (lines: Line[]) => lines.map(({ warning }) => warning);

describe('a line of a batch whose number the tenant holds', () => {
  it('for another person is stored, and warned of', async () => {
    const [held] = (await storeNumbers(vault, tenant, 3)) as [Stored];
    await untilBuilt(vault, tenant);
    const lines = await store([makeRecord(), another(held), makeRecord()]);
    expect(warningsOf(lines)).toEqual([undefined, HELD, undefined]);
    expect(lines.map(({ recordId }) => typeof recordId)).toEqual(['string', 'string', 'string']);
  });

  it('for the same person under another subject is no matter', async () => {
    const [held] = (await storeNumbers(vault, tenant)) as [Stored];
    await untilBuilt(vault, tenant);
    const payee = another(held, {
      individualRef: held.individualRef,
      subject: 'P',
      purposes: ['PAY-309'],
    });
    expect(await store([payee])).toEqual([{ recordId: expect.any(String) }]);
  });

  it('since a line before it of the same call is warned of', async () => {
    await untilBuilt(vault, tenant);
    const first = makeRecord();
    expect(warningsOf(await store([first, another(first)]))).toEqual([undefined, HELD]);
  });

  it('since a single record was stored meanwhile is warned of', async () => {
    await untilBuilt(vault, tenant);
    const single = makeRecord();
    await store([single], { route: 'records' });
    expect(warningsOf(await store([another(single)]))).toEqual([HELD]);
  });

  it('is warned of again when the call is repeated', async () => {
    const [held] = (await storeNumbers(vault, tenant)) as [Stored];
    await untilBuilt(vault, tenant);
    const [records, keys] = [[another(held)], [randomUUID()]];
    const first = await store(records, { keys });
    expect(warningsOf(first)).toEqual([HELD]);
    expect(await store(records, { keys })).toEqual(first);
  });
});

describe('a number that is held elsewhere', () => {
  it('by another tenant is not told of', async () => {
    const [held] = (await storeNumbers(vault, tenant)) as [Stored];
    const other = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    await untilBuilt(vault, tenant);
    await untilBuilt(vault, other);
    expect(warningsOf(await store([another(held)], { of: other }))).toEqual([undefined]);
  });

  it('by a record that was disposed of is not told of', async () => {
    const [held] = (await storeNumbers(vault, tenant)) as [Stored];
    const second = await world.startVault();
    await asAdministrator(
      world.database,
      'update vault.number_record set disposed_at = now() where record_id = $1',
      [held.recordId],
    );
    expect(await untilBuilt(second, tenant)).toMatchObject({ state: 'ready', of: 0 });
    expect(warningsOf(await store([another(held)], { on: second }))).toEqual([undefined]);
  });
});

describe('a single record', () => {
  it('opens nothing, and is compared only when an import has made that possible', async () => {
    const [held] = (await storeNumbers(vault, tenant)) as [Stored];
    const second = await world.startVault();
    const before = await openings();
    const single = { on: second, route: 'records' };
    expect(await store([another(held)], single)).toEqual([{ recordId: expect.any(String) }]);
    expect(await openings()).toEqual(before);

    await untilBuilt(second, tenant);
    expect(warningsOf(await store([another(held)], single))).toEqual([HELD]);
  });
});

describe('making the numbers of a tenant comparable', () => {
  it('is one entry in the control log, with how many are opened and why', async () => {
    await storeNumbers(vault, tenant, 30);
    const second = await world.startVault();
    const before = await openings();
    expect(await untilBuilt(second, tenant)).toEqual({ state: 'ready', opened: 30, of: 30 });
    await store([makeRecord()], { on: second });
    await untilBuilt(second, tenant);
    expect((await openings()).slice(before.length)).toEqual([
      expect.objectContaining({ op: 'internal.opened', reason: 'duplicate-check', cnt: 30 }),
    ]);
  });

  it('is for who may store numbers of this tenant alone', async () => {
    const token = await tenant.client.token({ scope: 'number:read record:read' });
    const refused = await askForDuplicateCheck(vault, tenant, token);
    expect(problemOf(refused)).toBe('403 scope-missing');
    const stranger = { ...tenant, tenantId: 't-none' };
    expect(problemOf(await askForDuplicateCheck(vault, stranger))).toBe('404 not-found');
  });

  it('opens nothing when the control log cannot take its entry: lines are stored, and say so', async () => {
    const lone = await createWorld();
    const own = await lone.startVault();
    const of = await lone.createTenant(own, 't-001');
    const [held] = (await storeNumbers(own, of)) as [Stored];
    const second = await lone.startVault();
    await asAdministrator(lone.database, 'revoke insert on vault.control_batch from vault_service');

    expect(await untilBuilt(second, of)).toMatchObject({ state: 'missing', opened: 0 });
    const lines = await store([another(held)], { of, on: second });
    expect(lines).toEqual([{ recordId: expect.any(String), warning: NOT_CHECKED }]);
    expect(second.logged()).toContain('duplicates cannot be told');
    await lone.close();
  });

  it('goes on past a record that does not open, and reports it', async () => {
    const [damaged, held] = (await storeNumbers(vault, tenant, 2)) as [Stored, Stored];
    await asAdministrator(
      world.database,
      'update vault.number_record set sealed_number = set_byte(sealed_number, 60, get_byte(sealed_number, 60) # 1) where record_id = $1',
      [damaged.recordId],
    );
    const second = await world.startVault();
    expect(await untilBuilt(second, tenant)).toMatchObject({ state: 'ready', opened: 2 });
    expect(warningsOf(await store([another(held)], { on: second }))).toEqual([HELD]);
    expect(second.logged()).toContain(damaged.recordId);
  });
});
