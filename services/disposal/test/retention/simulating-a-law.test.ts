import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LawData } from '@mnv/bango-ho';
import { LAW_DATA } from '@mnv/bango-ho';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('another version of the law', () => {
  let world: World;
  let leaver: string;
  beforeAll(async () => {
    world = await createWorld();
    await world.decide('book', 'yes');
    leaver = await world.stored();
    await world.stored();
    const events = [
      { kind: 'number-omitted', on: '2018-01-20', deadline: '2018-01-23' },
      { kind: 'left', on: '2018-03-31' },
      { kind: 'purpose-ended', on: '2019-01-31', purpose: 'TAX-WITHHOLD' },
    ];
    for (const event of events) await world.tell({ recordId: leaver, ...event });
    await world.compute();
  });
  afterAll(() => world.close());

  const withBookYears = (count: number): LawData => ({
    ...LAW_DATA,
    version: '2026-12-01',
    retentionRules: LAW_DATA.retentionRules.map((row) =>
      row.code === 'R-BOOK' ? { ...row, period: { unit: 'years', count } } : row,
    ),
  });
  const simulate = async (law: object) => {
    const answer = await world.call('POST', 'law/simulations', { body: law });
    if (answer.status !== 200) return answer.body;
    const lines = answer.text.trim().split('\n');
    return JSON.parse(lines.at(-1) ?? '') as { simulation: Record<string, unknown> };
  };

  it('moves nothing when it says the same', async () => {
    expect(await simulate(withBookYears(7))).toMatchObject({
      simulation: { records: 2, unchanged: 2, earlier: 0, later: 0, examples: [] },
    });
  });

  it('shows which records move, and which are due no more or already', async () => {
    expect(await simulate(withBookYears(10))).toMatchObject({
      simulation: {
        unchanged: 1,
        later: 1,
        dueNoMore: 1,
        examples: [{ recordId: leaver, from: '2026-01-11', to: '2029-01-11' }],
      },
    });
    world.clock.today = '2025-01-11';
    expect(await simulate(withBookYears(6))).toMatchObject({
      simulation: { earlier: 1, dueByIt: 1, examples: [{ to: '2025-01-11' }] },
    });
    world.clock.today = '2026-11-25';
  });

  it('changes nothing by being asked about', async () => {
    const before = await world.life(leaver);
    await simulate(withBookYears(10));
    await world.compute();
    expect(await world.life(leaver)).toEqual(before);
  });

  it('is refused where it does not hold together, and says where', async () => {
    const { book: _book, ...rest } = LAW_DATA;
    expect(await simulate(rest)).toMatchObject({ status: 400 });
    expect(await simulate({ version: '2026-12-01' })).toMatchObject({ status: 400 });
    expect(await simulate(withBookYears(1e9))).toMatchObject({ status: 400 });
    expect(await simulate(withBookYears(0))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('retentionRules R-BOOK: period'),
    });
  });
});
