import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { labelOf, outcomesOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { EPOCH_ONCE, disclosed, judgedLog, operationsOf } from './world/epoch-outcome.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vaults: RunningVault[];
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vaults = [await world.startVault(), await world.startVault()];
  tenant = await world.createTenant(vaults[0] as RunningVault, 't-001');
});
afterAll(() => world.close());

/** Does work again and again, on one instance after the other, until it is told to stop. */
function again<T>(work: (vault: RunningVault) => Promise<T>) {
  const state = { stopped: false };
  const running = (async () => {
    const done: T[] = [];
    for (let turn = 0; !state.stopped; turn += 1)
      done.push(await work(vaults[turn % vaults.length] as RunningVault));
    return done;
  })();
  return async () => {
    state.stopped = true;
    return running;
  };
}

/** What a ticket answers that asks for these and for those. */
async function disclose(vault: RunningVault, asked: readonly (readonly Stored[])[]) {
  const intents = await Promise.all(
    asked.map((some) =>
      makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds: idsOf(some) }),
    ),
  );
  return outcomesOf(
    await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, intents)),
  );
}

type Line = { recordId?: string; problem?: string };

/** The same people again with other numbers, until each of them is stored; what they were told until then. */
async function importAgain(leavers: readonly Stored[]) {
  const stored: { recordId: string; label: string }[] = [];
  const refused = new Set<string>();
  let missing = leavers.map(({ individualRef }) => ({
    key: randomUUID(),
    record: makeRecord({ individualRef }),
  }));
  for (let turn = 0; missing.length > 0; turn += 1) {
    const vault = vaults[turn % vaults.length] as RunningVault;
    const call = { lines: missing, route: 'records/batch' };
    const { status, body } = await storeLines(vault, tenant, call);
    if (status !== 200) continue;
    const answers = (body as { lines: Line[] }).lines;
    for (const [at, { recordId, problem = '' }] of answers.entries()) {
      const label = labelOf(missing[at]?.record.individualNumber ?? '');
      if (recordId === undefined) refused.add(problem);
      else stored.push({ recordId, label });
    }
    missing = missing.filter((_, at) => answers[at]?.recordId === undefined);
  }
  return { stored, refused };
}

/** How many living records each of these people has. */
async function livingOf(people: readonly Stored[]): Promise<number[]> {
  const rows = await asAdministrator<{ n: number }>(
    world.database,
    `select (select count(*)::int from vault.number_record r
             where r.individual_ref = ref and r.disposed_at is null) as n from unnest($1::text[]) as ref`,
    [people.map(({ individualRef }) => individualRef)],
  );
  return rows.map(({ n }) => n);
}

async function expectOpen(records: readonly { recordId: string; label: string }[]) {
  // One that has nothing in memory.
  const fresh = await world.startVault({ quiet: true });
  for (let from = 0; from < records.length; from += 100) {
    const some = records.slice(from, from + 100);
    const outcome = await disclosed(fresh, tenant, idsOf(some));
    expect(outcome).toEqual(some.map(({ label }) => label));
  }
  await fresh.close();
}

const idsOf = (some: readonly { recordId: string }[]) => some.map(({ recordId }) => recordId);

describe('beside an epoch, on several instances', () => {
  it('nothing stored is lost, nothing frozen is read, and who was erased can be stored again', async () => {
    const [one] = vaults as [RunningVault];
    const stored = await storeNumbers(one, tenant, 140);
    // Some of every leaf, so that the keys of the others are sealed anew beside them.
    const leavers = stored.filter((_, at) => at % 7 === 0);
    const staying = stored.filter((_, at) => at % 7 !== 0);
    const calls = disposing(one, tenant);
    const batch = await calls.approved(batchOf(leavers));
    const storing = again((vault) => storeNumbers(vault, tenant, 3));
    await calls.order(batch);
    const readable = staying.slice(0, 16);
    const reading = again((vault) => disclose(vault, [leavers, readable]));
    const importing = importAgain(leavers);
    const { epoch } = await calls.reaches(batch, 'erased');

    const returned = await importing;
    for (const outcomes of await reading())
      expect(outcomes).toEqual([
        leavers.map(() => 'already-disposed'),
        readable.map(({ label }) => label),
      ]);
    const added = (await storing()).flat();
    expect(['record-exists']).toEqual(expect.arrayContaining([...returned.refused]));
    expect(await livingOf(leavers)).toEqual(leavers.map(() => 1));
    await expectOpen([...staying, ...added, ...returned.stored]);
    const { entries, faults } = await judgedLog(one, world);
    expect(operationsOf(entries, epoch)).toEqual(EPOCH_ONCE);
    expect(faults).toEqual([]);
  });
});
