import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LEASE_MS } from '../src/instance/instance-lease.ts';
import { outcomesOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch, Shown } from './world/disposing.ts';
import {
  EPOCH_ONCE,
  disclosed,
  judgedLog,
  letInstancesFallSilent,
  operationsOf,
  runToTheEnd,
} from './world/epoch-outcome.ts';
import { HeldAnswer } from './world/held-answer.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { RunningVault, VaultParts } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

/** What an epoch wrote that waits for an instance. */
const UNFENCED = EPOCH_ONCE.slice(0, EPOCH_ONCE.indexOf('erasure.fenced'));
const RELEASE = /from release_records\(/;
/** The last thing a read asks the database. */
const LEAVES = /^\s*select idx, key_generation, sealed from node/;
/** More records than a call at the desk has: the answer may take seconds. */
const CHUNK = 33;

const realNow = performance.now.bind(performance);

let world: World;
let runner: RunningVault;
let tenant: Tenant;
let held: HeldAnswer;

beforeEach(async () => {
  held = new HeldAnswer();
  world = await createWorld();
  runner = await world.startVault({ quiet: true });
  tenant = await world.createTenant(runner, 't-001');
});
afterEach(async () => {
  jest.restoreAllMocks();
  held.letGo();
  await world.close();
});

async function ordered(stored: readonly Stored[]): Promise<Batch> {
  const calls = disposing(runner, tenant);
  const batch = await calls.approved(batchOf(stored));
  await calls.order(batch);
  return batch;
}

const shownOf = async (batch: Batch) => (await disposing(runner, tenant).show(batch)).body as Shown;

async function writtenOf(batch: Batch) {
  const { entries, faults } = await judgedLog(runner, world);
  expect(faults).toEqual([]);
  const { epoch } = await shownOf(batch);
  const fenced = entries.find((entry) => entry.op === 'erasure.fenced' && entry.epoch === epoch);
  return { operations: operationsOf(entries, epoch), fenced };
}

/** The other instance of the two was last heard so long ago. */
async function hearLast(other: RunningVault, secondsAgo: number): Promise<void> {
  const rows = await asAdministrator(
    world.database,
    `update vault.vault_instance set seen_at = clock_timestamp() - make_interval(secs => $1)
     where instance_id = $2 returning 1`,
    [secondsAgo, other.instanceId],
  );
  expect(rows).toHaveLength(1);
}

describe('an epoch', () => {
  it('is not fenced before the other instance has acknowledged its flip', async () => {
    const other = await world.startVault({ quiet: true });
    const batch = await ordered(await storeNumbers(runner, tenant, 2));
    for (let look = 0; look < 3; look += 1) {
      await runner.runEpochs();
      expect((await writtenOf(batch)).operations).toEqual(UNFENCED);
    }
    await other.runEpochs();
    const { operations, fenced } = await writtenOf(batch);
    expect(operations).toEqual(EPOCH_ONCE);
    expect(fenced).toMatchObject({ cnt: 2 });
  });

  it('waits for a silent instance to the limit, and no longer', async () => {
    const other = await world.startVault({ quiet: true });
    const batch = await ordered(await storeNumbers(runner, tenant, 2));
    await hearLast(other, 15);
    await runner.runEpochs();
    expect((await writtenOf(batch)).operations).toEqual(UNFENCED);
    await hearLast(other, 30);
    await runner.runEpochs();
    const { operations, fenced } = await writtenOf(batch);
    expect(operations).toEqual(EPOCH_ONCE);
    expect(fenced).toMatchObject({ cnt: 1 });
  });

  it('does not wait for an instance that stopped', async () => {
    const other = await world.startVault({ quiet: true });
    const batch = await ordered(await storeNumbers(runner, tenant, 2));
    await other.close();
    await runner.runEpochs();
    expect((await writtenOf(batch)).operations).toEqual(EPOCH_ONCE);
  });
});

/** An instance with open keys in memory, whose next answer of the database to a statement will be held. */
async function reader({ count, ...changes }: { count: number } & Partial<VaultParts>) {
  const vault = await world.startVault({ faults: held, ...changes });
  const stored = await storeNumbers(vault, tenant, count);
  const recordIds = stored.map(({ recordId }) => recordId);
  const labels = stored.map(({ label }) => label);
  expect(await disclosed(vault, tenant, recordIds)).toEqual(labels);
  return {
    vault,
    stored,
    /** A disclosure that stands still behind a statement; its outcome comes after it was let go, or it is late. */
    async standingBehind(statement: RegExp) {
      const intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds });
      const ticket = logAndMakeTicket(tenant.log, [intent]);
      held.order(statement);
      const outcome = vault
        .call('/internal/disclosures', ticket)
        .then((answer) => outcomesOf(answer));
      await held.holds;
      return { outcome };
    },
  };
}

/** As a process sees it that was stopped for so long. */
function letTimePass(ms: number): void {
  const passed = performance.now() + ms - realNow();
  jest.spyOn(performance, 'now').mockImplementation(() => realNow() + passed);
}

describe('a read that stands still in an instance while its records are disposed of', () => {
  it('keeps the epoch from being fenced as long as it runs, though its instance is heard', async () => {
    const { vault, stored, standingBehind } = await reader({ count: 2 });
    const { outcome } = await standingBehind(LEAVES);
    const batch = await ordered(stored);
    await disposing(runner, tenant).reaches(batch, 'flipped');
    await runner.runEpochs();
    expect(await heardTwice(vault, batch)).toBe('not acknowledged');
    expect((await writtenOf(batch)).operations).toEqual(UNFENCED);
    expect(await outcome).toEqual(['503 deadline-exceeded']);

    held.letGo();
    await disposing(runner, tenant).reaches(batch, 'erased');
    expect((await writtenOf(batch)).operations).toEqual(EPOCH_ONCE);
  });

  it.each([
    ['its release', RELEASE],
    ['its last look at the keys', LEAVES],
  ])('gives no number when it goes on after the erasure, behind %s', async (_where, statement) => {
    const { stored, standingBehind } = await reader({ count: CHUNK, quiet: true });
    const { outcome } = await standingBehind(statement);
    const batch = await ordered(stored);
    await letInstancesFallSilent(world);
    await runToTheEnd(runner, tenant, batch);
    letTimePass(LEASE_MS);
    held.letGo();
    expect(await outcome).toEqual([expect.stringMatching(/^503 /)]);
  });

  it('gives no number once its lease is over, though its deadline is not', async () => {
    const { vault, standingBehind } = await reader({ count: CHUNK, quiet: true });
    await vault.runEpochs(); // renews the lease
    letTimePass(LEASE_MS - 3000);
    const { outcome } = await standingBehind(LEAVES);
    letTimePass(3500);
    held.letGo();
    expect(await outcome).toEqual(['503 vault-unavailable']);
  });
});

/** Waits until an instance was heard twice after the flip: has it acknowledged it then? */
async function heardTwice(vault: RunningVault, batch: Batch): Promise<string> {
  const { epoch } = await shownOf(batch);
  const beats = new Set<number>();
  return until(async () => {
    const [row] = await asAdministrator<{ seen: Date; acked: boolean }>(
      world.database,
      `select seen_at as seen, epoch_acked >= epoch as acked from vault.vault_instance, vault.epoch_job
       where instance_id = $1 and epoch = $2 and seen_at > flipped_at`,
      [vault.instanceId, epoch],
    );
    if (row) beats.add(row.seen.getTime());
    if (row?.acked) return 'acknowledged';
    return beats.size > 2 ? 'not acknowledged' : undefined;
  });
}
