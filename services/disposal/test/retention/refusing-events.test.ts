import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('an event that cannot be', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it.each([
    [{ kind: 'died', on: '2027-01-01' }, 'event-impossible', 'on: has not come yet'],
    [{ kind: 'left', on: '2031-01-01' }, 'event-impossible', 'on: more than'],
    [{ kind: 'left', on: '1899-12-31' }, 'event-impossible', 'on: before'],
    [{ kind: 'left', on: '2026-02-30' }, 'invalid-request', 'on'],
    [{ kind: 'dependant-ended', on: '2026-01-01' }, 'event-impossible', 'kind'],
    [
      { kind: 'purpose-ended', on: '2026-01-01', purpose: 'MARKETING' },
      'invalid-request',
      'purpose',
    ],
    [{ kind: 'purpose-ended', on: '2026-01-01', purpose: 'EI' }, 'event-contradicts', 'purpose'],
    [
      { kind: 'document-submitted', on: '2026-01-20', document: 'chingin_daicho', reference: 'x' },
      'invalid-request',
      'document',
    ],
    [
      {
        kind: 'document-submitted',
        on: '2026-01-20',
        document: 'fuyo',
        reference: 'x',
        completedOn: '2026-01-19',
      },
      'event-impossible',
      'completedOn: before on',
    ],
    [
      { kind: 'number-omitted', on: '2026-01-20', deadline: '2036-01-23' },
      'event-impossible',
      'deadline',
    ],
    [
      { kind: 'number-omitted', on: '2014-01-20', deadline: '2014-01-23' },
      'event-impossible',
      'deadline: before 2015-10-05',
    ],
    [{ kind: 'promoted', on: '2026-01-20' }, 'invalid-request', 'kind'],
    [{ kind: 'hired', on: '2026-01-20', note: 'x' }, 'invalid-request', 'Mend'],
  ])('refuses %j and names what to mend', async (event, code, mend) => {
    const recordId = await world.stored();
    const { body } = await world.tell({ recordId, ...event });

    expect([body['type'], String(body['detail']).includes(mend)]).toEqual([
      `urn:mynumber-vault:problem:${code}`,
      true,
    ]);
  });

  it.each([
    [
      { kind: 'hired', on: '2021-04-01' },
      { kind: 'hired', on: '2020-04-01' },
    ],
    [
      { kind: 'left', on: '2019-03-31' },
      { kind: 'hired', on: '2020-04-01' },
    ],
    [
      { kind: 're-hired', on: '2019-03-31' },
      { kind: 'hired', on: '2020-04-01' },
    ],
    [
      { kind: 'died', on: '2021-03-31' },
      { kind: 'transferred', on: '2022-04-01' },
    ],
    [
      { kind: 'died', on: '2021-03-31' },
      { kind: 'died', on: '2021-04-01' },
    ],
  ])('refuses %j beside %j, whichever is told first', async (one, other) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ]) {
      const recordId = await world.stored();
      expect((await world.tell({ recordId, ...first })).status).toBe(201);
      expect((await world.tell({ recordId, ...second })).body['type']).toContain(
        'event-contradicts',
      );
    }
  });
});
