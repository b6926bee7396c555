import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withTenant } from '@mnv/service-kit';
import type { LifeStep } from '../../src/retention/life/compute-lives.ts';
import { computeLives } from '../../src/retention/life/compute-lives.ts';
import { inLifeStep } from '../../src/retention/life/life.repository.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('computing lives', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.decide('book', 'no');
  });
  afterAll(() => world.close());

  /** Computes with something happening around the writing of lives, in the same transaction. */
  const computeWith = (around: (write: () => Promise<void>) => Promise<void>) =>
    computeLives(
      {
        inStep: (tenantId, work) =>
          withTenant(
            world.db,
            tenantId,
            inLifeStep(tenantId, world.clock.today, (step: LifeStep) =>
              work({
                ...step,
                writeLives: (lives, law) => around(() => step.writeLives(lives, law)),
              }),
            ),
          ),
      },
      't-001',
    );
  const leave = (recordId: string) => world.tell({ recordId, kind: 'left', on: '2026-03-31' });
  const endPurpose = (recordId: string) =>
    world.tell({ recordId, kind: 'purpose-ended', on: '2026-03-31', purpose: 'TAX-WITHHOLD' });
  const isDue = async (recordId: string) => {
    const { body } = await world.call('GET', 'due');
    return (body['due'] as { recordId: string }[]).some((one) => one.recordId === recordId);
  };

  it('is done again when it was cut off before or after the lives were written', async () => {
    const recordId = await world.stored({ purposes: ['TAX-WITHHOLD'] });
    await leave(recordId);
    await endPurpose(recordId);
    const cut = new Error('cut off');
    await expect(computeWith(() => Promise.reject(cut))).rejects.toBe(cut);
    await expect(
      computeWith(async (write) => {
        await write();
        throw cut;
      }),
    ).rejects.toBe(cut);
    expect(await isDue(recordId)).toBe(false);

    await world.compute();
    expect(await isDue(recordId)).toBe(true);
  });

  it('forgets nothing that is told while it computes', async () => {
    const recordId = await world.stored({ purposes: ['TAX-WITHHOLD'] });
    await leave(recordId);
    let told = false;
    await computeWith(async (write) => {
      // The life to be written does not know of this event yet; its row in the queue is its own.
      if (!told) await endPurpose(recordId);
      told = true;
      await write();
    });

    expect(await isDue(recordId)).toBe(true);
  });

  it('takes every record of a tenant after a decision, by one of several runners at a time', async () => {
    const recordIds: string[] = [];
    for (let at = 0; at < 5; at += 1)
      recordIds.push(await world.stored({ purposes: ['TAX-WITHHOLD', 'TAX-BOOK'] }));
    for (const recordId of recordIds) {
      await leave(recordId);
      await endPurpose(recordId);
    }
    await world.compute();
    await world.decide('book', 'yes');
    await Promise.all([world.compute(), world.compute(), world.compute()]);
    const dues = await Promise.all(recordIds.map(isDue));

    expect(dues).toEqual(Array(5).fill(false));
  });
});
