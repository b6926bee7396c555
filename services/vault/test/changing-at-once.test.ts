import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { labelOf, outcomesOf, problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { changeNumber, changed, discloseAs, makeChange } from './world/changing.ts';
import { until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { askForDuplicateCheck, untilBuilt } from './world/duplicate-check.ts';
import { letInstancesFallSilent, runToTheEnd } from './world/epoch-outcome.ts';
import { DIRECTIONS, dieLaterEachTime, startFailingDatabase } from './world/failing-database.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let second: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault({ quiet: true });
  second = await world.startVault({ quiet: true });
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

const stored = async () => ((await storeNumbers(vault, tenant)) as [Stored])[0];

type Row = { record_id: string; superseded_by: string | null; events: string[] | null };

/** What the database holds of an individual, in the order in which it was stored. */
const rowsOf = ({ individualRef }: Stored): Promise<Row[]> =>
  asAdministrator<Row>(
    world.database,
    `select r.record_id, r.superseded_by, (select array_agg(kind order by seq) from vault.record_event e
       where e.record_id = r.record_id) as events
     from vault.number_record r where individual_ref = $1 order by r.position`,
    [individualRef],
  );

/** One record in use, and one before it that it superseded; or the one that was there. */
async function expectWhole(one: Stored): Promise<number> {
  const rows = await rowsOf(one);
  const [old, successor, ...others] = rows;
  expect(others).toEqual([]);
  expect(old?.superseded_by).toBe(successor?.record_id ?? null);
  expect(old?.events).toEqual(successor ? ['stored', 'number-changed'] : ['stored']);
  if (successor) expect(successor).toMatchObject({ superseded_by: null, events: ['stored'] });
  return rows.length;
}

describe('changes of one number at once', () => {
  it('under keys of their own, on two instances: one takes place, the others are told by which', async () => {
    const old = await stored();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        changeNumber(at % 2 ? vault : second, tenant, { ...old, change: makeChange() }),
      ),
    );
    const done = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201).map(problemOf);
    expect(done.length).toBeLessThanOrEqual(1);
    expect(
      refused.filter((one) => !/^(409 (record-superseded|idempotency-in-flight)|503)/.test(one)),
    ).toEqual([]);
    await expectWhole(old);
  });

  it('under one key: one record, which all are answered', async () => {
    const old = await stored();
    const asked = { ...old, key: randomUUID(), change: makeChange() };
    const ids = await Promise.all(
      Array.from({ length: 6 }, (_, at) => changed(at % 2 ? vault : second, tenant, asked)),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await expectWhole(old)).toBe(2);
  });
});

describe('a change beside a disclosure', () => {
  it('lets the old number out before it, and names the successor after it', async () => {
    const old = await stored();
    const seen = new Set<string>();
    let isOver = false;
    const reading = (async () => {
      while (!isOver) {
        const asked = { recordIds: [old.recordId] };
        seen.add(String(outcomesOf(await discloseAs(vault, tenant, asked))[0]));
      }
    })();
    try {
      await until(async () => seen.has(old.label) || undefined);
      await changed(second, tenant, { ...old, change: makeChange() });
    } finally {
      isOver = true;
      await reading;
    }
    const after = outcomesOf(await discloseAs(vault, tenant, { recordIds: [old.recordId] }));
    expect(after).toEqual([['record-superseded']]);
    expect([...seen].filter((one) => ![old.label, 'record-superseded'].includes(one))).toEqual([]);
  });
});

describe('a change beside the disposal of the record', () => {
  it('is refused once the record is frozen, and leaves nothing behind', async () => {
    const [frozen, free] = [await stored(), await stored()];
    const disposal = disposing(vault, tenant);
    const batch = await disposal.approved(batchOf([frozen]));
    const change = (one: Stored) => changeNumber(second, tenant, { ...one, change: makeChange() });
    const [ordered, answer] = await Promise.all([disposal.order(batch), change(frozen)]);
    expect(ordered.status).toBe(202);
    expect(['201 ', '410 already-disposed']).toContain(problemOf(answer));
    expect(problemOf(await change(frozen))).toMatch(
      /^(410 already-disposed|409 record-superseded)$/,
    );
    expect((await rowsOf(frozen)).length).toBe(answer.status === 201 ? 2 : 1);
    await disposal.stop(batch);
    await changed(vault, tenant, { ...free, change: makeChange() });
  });

  it('leaves the successor in use when the superseded record is frozen, and when an epoch erases it', async () => {
    const old = await stored();
    const change = makeChange();
    const successor = await changed(vault, tenant, { ...old, change });
    const disposal = disposing(vault, tenant);
    const outcome = async (recordId: string, operation = 'disclose') =>
      outcomesOf(await discloseAs(vault, tenant, { recordIds: [recordId], operation }));
    const batch = await disposal.approved(batchOf([old]));
    expect((await disposal.order(batch)).status).toBe(202);
    expect(await outcome(old.recordId, 'disclose-superseded')).toEqual([['already-disposed']]);
    await letInstancesFallSilent(world);
    await runToTheEnd(vault, tenant, batch);
    expect(await outcome(old.recordId, 'disclose-superseded')).toEqual([['already-disposed']]);
    expect(await outcome(successor)).toEqual([[labelOf(change.individualNumber)]]);
    const again = await changeNumber(vault, tenant, { ...old, change: makeChange() });
    expect(problemOf(again)).toBe('410 already-disposed');
  });
});

describe('a change whose connection to the database dies', () => {
  it.each(DIRECTIONS)(
    'has happened whole or not at all, and its repeat completes it: %s',
    async (direction) => {
      const { proxy, dsn } = await startFailingDatabase(world.database.dsnOf('vault_service'));
      const failing = await world.startVault({ dsn, quiet: true });
      const attempt = async () => {
        const old = await stored();
        const asked = { ...old, key: randomUUID(), change: makeChange() };
        const { status } = await changeNumber(failing, tenant, asked);
        const count = await expectWhole(old);
        if (status === 201) expect(count).toBe(2);
        await changed(vault, tenant, asked);
        expect(await expectWhole(old)).toBe(2);
        return status === 201;
      };
      const dying = dieLaterEachTime(proxy, direction, attempt);
      expect(await dying.finally(() => proxy.close())).toBeGreaterThan(3);
    },
  );
});

describe('a corrected number', () => {
  it('is no duplicate of who really holds it', async () => {
    const own = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const [mistyped] = (await storeNumbers(vault, own, 1)) as [Stored];
    await untilBuilt(vault, own);
    const change = makeChange({ reason: 'corrected' });
    await changed(vault, own, { ...mistyped, change });
    await untilBuilt(vault, own);
    const { individualNumber } = mistyped;
    const lines = [{ key: randomUUID(), record: makeRecord({ individualNumber }) }];
    const answer = await storeLines(vault, own, { lines, route: 'records/batch' });
    expect(answer.body).toEqual({ lines: [{ recordId: expect.any(String) }] });
    expect((await askForDuplicateCheck(vault, own)).status).toBe(200);
  });

  it('that another person holds is warned of', async () => {
    const own = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const [one, other] = (await storeNumbers(vault, own, 2)) as [Stored, Stored];
    await untilBuilt(vault, own);
    const change = makeChange({ individualNumber: other.individualNumber });
    const { body } = await changeNumber(vault, own, { ...one, change });
    expect(body).toEqual({ recordId: expect.any(String), warning: 'held-for-another-person' });
  });
});
