import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '@mnv/transparency-log';
import { keepWitnessed } from '../src/witness/witnessed.repository.ts';
import { witnessesWanted } from '../src/witness/witnesses-wanted.ts';
import { witnessProcess } from './witness-process.ts';
import { openWitnessingWorld, sizeOf } from './witnessing-world.ts';
import type { WitnessingWorld } from './witnessing-world.ts';

let world: WitnessingWorld;
let witness: Awaited<ReturnType<typeof witnessProcess>>;
let second: typeof witness;
beforeAll(async () => {
  world = await openWitnessingWorld(Date.now);
  witness = await witnessProcess(world.vkey);
  second = await witnessProcess(world.vkey, 'second');
});
afterAll(async () => {
  for (const one of [witness, second]) {
    await one.client.close();
    await one.close();
  }
  await world.database.drop();
});

describe('a log that has two witnesses', () => {
  const policyOfBoth = () =>
    parsePolicy(
      [
        `log ${world.vkey}`,
        `witness one ${witness.vkey}`,
        `witness two ${second.vkey}`,
        'group both 2 one two',
        'quorum both',
        '',
      ].join('\n'),
      { origins: 'key-name-or-below' },
    );
  const openBoth = () => world.openWatch([witness.client, second.client]);

  it('has checkpoints that a quorum of both accepts, however it grows between the rounds', async () => {
    const log = await world.makeLog();
    const watch = openBoth();
    let size = 0;
    for (const count of [2, 300, 1]) {
      await world.append(log, count);
      size += count;
      await watch.round();
      const { cosigned, ...seen } = policyOfBoth().verify(
        (await world.witnessedNote(log, 2)) ?? '',
      );
      expect(cosigned.map((one) => one.witness)).toEqual(['one', 'two']);
      expect(seen).toMatchObject({ size, origin: log.origin });
    }
    expect(await world.witnessedNote(log)).toBe(await world.witnessedNote(log, 2));
    expect(await world.witnessedNote(log, 3)).toBeUndefined();
    expect(world.alarms).toEqual([]);
  });

  it('keeps the last one of both while one is away, and goes on with the other', async () => {
    const log = await world.makeLog();
    const watch = openBoth();
    await world.append(log, 3);
    await watch.round();
    await second.kill();
    await world.append(log, 4);
    await watch.round();

    expect(sizeOf(await world.witnessedNote(log))).toBe(7);
    expect(policyOfBoth().verify((await world.witnessedNote(log, 2)) ?? '').size).toBe(3);

    await second.start();
    await world.append(log, 1);
    await watch.round();
    expect(policyOfBoth().verify((await world.witnessedNote(log, 2)) ?? '').size).toBe(8);
  });

  it('joins what is remembered at once, whoever is first, and never goes back', async () => {
    const log = await world.makeLog();
    await world.append(log, 3);
    await openBoth().round();
    const { rows } = await world.pool.query<{ witness: string; size: number; note: string }>(
      'select witness, size::float8 as size, note from log_witnessed where log_id = $1',
      [log.logId],
    );
    const other = await world.makeLog();
    const kept = rows.map((row) => ({ ...row, logId: other.logId }));

    await Promise.all([...kept, ...kept].map((one) => keepWitnessed(world.db, one)));
    expect(policyOfBoth().verify((await world.witnessedNote(other, 2)) ?? '').size).toBe(3);

    await world.append(log, 2);
    await world.openWatch([witness.client]).round();
    for (const one of rows) await keepWitnessed(world.db, { ...one, logId: log.logId });
    expect(sizeOf(await world.witnessedNote(log))).toBe(5);
    expect(sizeOf(await world.witnessedNote(log, 2))).toBe(3);
  });

  it('is shown to both at one size, though it grows while they are asked', async () => {
    const log = await world.makeLog();
    await world.append(log, 1);
    const growing = {
      ...witness.client,
      addCheckpoint: async (request: Parameters<typeof witness.client.addCheckpoint>[0]) => {
        await world.append(log, 1);
        return witness.client.addCheckpoint(request);
      },
    };

    await world.openWatch([growing, second.client]).round();

    expect(policyOfBoth().verify((await world.witnessedNote(log, 2)) ?? '').size).toBe(1);
  });
});

describe('asking for a checkpoint of so many witnesses', () => {
  it('means one when nothing is said, and refuses what is misspelt', () => {
    expect(witnessesWanted({ query: {} })).toBe(1);
    expect(witnessesWanted({ query: { witnesses: '2' } })).toBe(2);
    for (const query of [{ witnesses: '0' }, { witnesses: '2x' }, { witness: '2' }])
      expect(() => witnessesWanted({ query })).toThrow('invalid-request');
    expect(() => witnessesWanted({ query: { witnesses: ['1', '2'] } })).toThrow('invalid-request');
  });
});
