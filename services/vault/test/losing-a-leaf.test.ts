import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { disclosed } from './world/epoch-outcome.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault({ quiet: true });
  tenant = await world.createTenant(vault, 't-001');
  // From now on there is a leaf with room, and a store writes that one node.
  await storeNumbers(vault, tenant);
});
afterEach(() =>
  asAdministrator(
    world.database,
    'drop trigger lost on vault.node; drop function vault.lose(); drop sequence vault.losses',
  ),
);
afterAll(() => world.close());

/** So many writes of a node find another version than the one they read: somebody else wrote it in between. */
async function loseWrites(count: number): Promise<void> {
  await asAdministrator(
    world.database,
    `create sequence vault.losses;
     create function vault.lose() returns trigger language plpgsql security definer as $$
       begin
         if nextval('vault.losses') <= ${count} then return null; end if;
         return new;
       end $$;
     create trigger lost before update on vault.node for each row execute function vault.lose()`,
  );
}

async function recordCount(): Promise<number> {
  const query = 'select count(*)::int as n from vault.number_record';
  const [row] = await asAdministrator<{ n: number }>(world.database, query);
  return row?.n ?? -1;
}

const storeOne = () =>
  storeLines(vault, tenant, { lines: [{ key: randomUUID(), record: makeRecord() }] });

describe('a store that loses its leaf to somebody else', () => {
  it('takes another turn, and stores once', async () => {
    const before = await recordCount();
    await loseWrites(1);
    const [stored] = await storeNumbers(vault, tenant);
    expect(await recordCount()).toBe(before + 1);
    expect(await disclosed(vault, tenant, [stored?.recordId ?? ''])).toEqual([stored?.label]);
  });

  it('stores nothing when it loses every turn, and says that others are in the way', async () => {
    const before = await recordCount();
    await loseWrites(100);
    expect(problemOf(await storeOne())).toBe('409 idempotency-in-flight');
    expect(await recordCount()).toBe(before);
  });
});
