import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisposalBatch } from '@mnv/client';
import { ProblemError, TransportError } from '@mnv/client';
import { verifyCertificate } from '@mnv/disposal-certificate';
import { until } from '../whole-system/running-program.ts';
import { startDisposalWorld } from './disposal-world.ts';
import type { DisposalWorld } from './disposal-world.ts';

const VICTIMS = ['disposal', 'access proxy', 'vault'] as const;
const STEPS = ['draft', 'request', 'approve', 'approve again', 'order'] as const;
type Step = (typeof STEPS)[number];
/** What happens to a batch between its order and its certificate takes about as long. */
const ERASING_MS = 4_000;
type Victim = (typeof VICTIMS)[number];

let world: DisposalWorld;
beforeAll(async () => {
  world = await startDisposalWorld();
});
afterAll(() => world.stop());

const pidOf = (victim: Victim) => world.system.pids()[victim];

/** Kills a service in the middle of what is asked for, after a moment that is never the same. */
async function killDuring(victim: Victim, act: () => Promise<unknown>): Promise<void> {
  const before = pidOf(victim);
  const acting = act().catch(() => undefined);
  await pause(randomInt(20));
  process.kill(before ?? 0, 'SIGKILL');
  await acting;
  await until(() => ![undefined, before].includes(pidOf(victim)));
}

/** What a careful person does after a lost answer: the same again, and a look at what has become of it. */
async function untilDone<T>(act: () => Promise<T>, isDone: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError) && !(error instanceof TransportError)) throw error;
      return isDone().catch(() => false);
    }
  });
}

const look = (batch: DisposalBatch) => world.people.requester.disposals.get(batch.disposalId);
const isAtLeast = async (batch: DisposalBatch, approvals: number) =>
  (await look(batch)).approvals >= approvals;

/** One disposal whose service is killed at one step, or not before it is ordered. */
async function disposeWithKill(
  victim: Victim,
  killedAt: Step | 'afterwards',
): Promise<DisposalBatch> {
  const { requester, approvers } = world.people;
  const records = await world.storeRecords(2);
  const idempotencyKey = `killing-${victim.replace(' ', '-')}-${killedAt.replace(' ', '-')}`;
  const caseId = `KILLED-${victim.toUpperCase().replace(' ', '-')}`;
  let batch: DisposalBatch | undefined;
  const draft = async () => {
    batch = await requester.disposals.draft({ caseId, reason: '退職', records, idempotencyKey });
  };
  const known = () => batch!;
  const acts: Record<Step, [() => Promise<unknown>, () => Promise<boolean>]> = {
    draft: [draft, () => Promise.resolve(false)],
    request: [
      () => requester.disposals.request(known()),
      async () => (await look(known())).state === 'requested',
    ],
    approve: [() => approvers[0].disposals.approve(known()), () => isAtLeast(known(), 1)],
    'approve again': [() => approvers[1].disposals.approve(known()), () => isAtLeast(known(), 2)],
    order: [() => requester.disposals.order(known()), async () => (await look(known())).ordered],
  };
  for (const step of STEPS) {
    const [act, isDone] = acts[step];
    if (step === killedAt) await killDuring(victim, act);
    await untilDone(act, isDone);
  }
  return known();
}

describe('a service that is killed in the middle of a step', () => {
  const batches: DisposalBatch[] = [];

  it.each(VICTIMS.flatMap((victim) => STEPS.map((step) => [victim, step] as const)))(
    '(%s, at %s) leaves nothing that cannot go on',
    async (victim, step) => {
      const batch = await disposeWithKill(victim, step);
      expect((await look(batch)).approvals).toBe(2);
      batches.push(batch);
    },
  );

  it.each(VICTIMS)(
    '(%s) while keys are erased and certificates made, only delays them',
    async (victim) => {
      const batch = await disposeWithKill(victim, 'afterwards');
      expect((await look(batch)).ordered).toBe(true);
      batches.push(batch);
      await pause(randomInt(ERASING_MS));
      const before = pidOf(victim);
      process.kill(before ?? 0, 'SIGKILL');
      await until(() => ![undefined, before].includes(pidOf(victim)));
    },
  );

  it('leaves every disposal certified once, under a number of its own', async () => {
    expect(batches).toHaveLength(VICTIMS.length * (STEPS.length + 1));
    for (const batch of batches) await world.whenState(batch, 'certified');
    const { disposals } = world.people.requester;
    const numbers: number[] = [];
    for (const batch of batches) {
      const { certificate } = await look(batch);
      numbers.push(certificate?.number ?? 0);
      const jws = await disposals.certificate(batch.disposalId);
      const verified = await verifyCertificate(jws, { policy: world.policy(), tenantId: 't-001' });
      expect([batch.caseId, verified.ok, verified.digest]).toEqual([
        batch.caseId,
        true,
        certificate?.hash,
      ]);
    }
    const order = numbers.toSorted((a, b) => a - b);
    expect(order).toEqual(batches.map((_, at) => at + 1));
  });

  it('asked the vault for each batch once, and has each certificate issued once', async () => {
    const entries = await world.controlEntries();
    const count = (op: string, batch: string) =>
      entries.filter((entry) => entry.op === op && 'batch' in entry && entry.batch === batch)
        .length;
    for (const { batchHash } of batches) {
      expect(count('disposal.requested', batchHash)).toBeGreaterThanOrEqual(1);
      expect(count('certificate.issued', batchHash)).toBeGreaterThanOrEqual(1);
      const issued = entries.flatMap((entry) =>
        entry.op === 'certificate.issued' && entry.batch === batchHash ? [entry.certificate] : [],
      );
      expect(new Set(issued).size).toBe(1);
    }
    const erased = entries.flatMap((entry) => (entry.op === 'erasure.erased' ? [entry.cnt] : []));
    expect(erased.reduce((sum, cnt) => sum + cnt, 0)).toBe(2 * batches.length);
  });
});
