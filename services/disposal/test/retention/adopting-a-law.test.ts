import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LawData } from '@mnv/bango-ho';
import { LAW_DATA } from '@mnv/bango-ho';
import { digestOfJson } from '@mnv/protocol';
import { expectForbidden } from '@mnv/testing';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const withBook = (version: string, years: number): LawData => ({
  ...LAW_DATA,
  version,
  retentionRules: LAW_DATA.retentionRules.map((row) =>
    row.code === 'R-BOOK' ? { ...row, period: { unit: 'years', count: years } } : row,
  ),
});

describe('adopting another version of the law', () => {
  let world: World;
  let leaver: string;
  beforeAll(async () => {
    world = await createWorld({ today: '2026-11-20' });
    await world.decide('book', 'yes');
    leaver = await world.stored();
    for (const event of [
      { kind: 'number-omitted', on: '2018-01-20', deadline: '2018-01-23' },
      { kind: 'left', on: '2018-03-31' },
      { kind: 'purpose-ended', on: '2019-01-31', purpose: 'TAX-WITHHOLD' },
    ])
      await world.tell({ recordId: leaver, ...event });
    await world.compute();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.clock.today = '2026-11-25';
  });

  const load = (law: LawData) => world.call('POST', 'law/tables', { body: law });
  const simulate = async (table: unknown) => {
    const answer = await world.call('POST', 'law/simulations', { body: { table } });
    const last = answer.text.trim().split('\n').at(-1) ?? '';
    return JSON.parse(last) as {
      simulationId: string;
      digest: string;
      simulation: Record<string, unknown>;
    };
  };
  const propose = (simulationId: string, from: string, as = 'clerk-1') =>
    world.call('POST', 'law/adoptions', {
      as,
      body: { simulationId, from, reason: '法令改正のため' },
    });
  const confirm = (adoptionId: unknown, body: object, as = 'clerk-2') =>
    world.call('POST', `law/adoptions/${String(adoptionId)}/confirmations`, { as, body });
  /** Loads, simulates and proposes a table. */
  const proposed = async (law: LawData, from = world.clock.today) => {
    const table = String((await load(law)).body['digest']);
    const { simulationId, digest } = await simulate(table);
    const { adoptionId } = (await propose(simulationId, from)).body;
    return { adoptionId, simulationId, signed: { table, simulation: digest } };
  };
  const dueFrom = async (query = '') => {
    const life = await world.life(leaver, query);
    return [life['lawVersion'], life.number['deletableFrom']];
  };
  const codeOf = ({ body }: { body: Record<string, unknown> }) =>
    String(body['type']).replace(/.*:/, '');

  it('a loaded table changes nothing until two persons have signed it and what it would do', async () => {
    const { adoptionId, signed } = await proposed(withBook('2026-12-01', 10));
    await world.store.jobs.enqueueOtherLaw('t-001');
    await world.compute();
    expect(await dueFrom()).toEqual(['2026-11-22', '2026-01-11']);

    expect(codeOf(await confirm(adoptionId, signed, 'clerk-1'))).toBe('second-person-required');
    const other = { ...signed, simulation: signed.table };
    expect(codeOf(await confirm(adoptionId, other))).toBe('batch-mismatch');
    expect((await confirm(adoptionId, signed)).status).toBe(200);
    await world.compute();

    expect(await dueFrom()).toEqual(['2026-12-01', '2029-01-11']);
    const due = (await world.call('GET', 'due')).body['due'];
    expect(due).toEqual([]);
    expect((await world.call('GET', 'law')).body['version']).toBe('2026-12-01');
    expect((await confirm(adoptionId, signed)).status).toBe(200);
    expect(codeOf(await confirm(adoptionId, signed, 'clerk-3'))).toBe('decision-made');
  });

  it('what was computed under the version before stays explainable by it', async () => {
    expect(await dueFrom('?asOf=2026-11-24')).toEqual(['2026-11-22', '2026-01-11']);
    const life = await world.life(leaver, '?asOf=2026-11-24');
    expect(life['lawDigest']).toBe(digestOfJson(LAW_DATA));
  });

  it('a table signed for a day to come is in use from that day on, by itself', async () => {
    const { adoptionId, signed } = await proposed(withBook('2026-12-15', 8), '2026-12-20');
    await confirm(adoptionId, signed);
    await world.store.jobs.enqueueOtherLaw('t-001');
    await world.compute();
    expect(await dueFrom()).toEqual(['2026-12-01', '2029-01-11']);

    world.clock.today = '2026-12-20';
    expect(await world.store.jobs.enqueueOtherLaw('t-001')).toBe(true);
    await world.compute();
    const due = (await world.call('GET', 'due?until=2027-01-11')).body['due'];
    expect(due).toMatchObject([{ recordId: leaver, dueSince: '2027-01-11' }]);
    expect(await dueFrom()).toEqual(['2026-12-15', '2027-01-11']);
    expect(await dueFrom('?asOf=2026-12-19')).toEqual(['2026-12-01', '2029-01-11']);
  });

  it('a simulation goes stale by age, and by another table that came into use', async () => {
    world.clock.today = '2027-01-05';
    const late = await proposed(withBook('2027-01-01', 9));
    world.clock.today = '2027-01-20';
    expect(codeOf(await confirm(late.adoptionId, late.signed))).toBe('simulation-stale');
    expect(codeOf(await propose(late.simulationId, '2027-01-20'))).toBe('simulation-stale');

    const first = await proposed(withBook('2027-01-02', 9));
    const second = await proposed(withBook('2027-01-03', 11));
    expect((await confirm(first.adoptionId, first.signed)).status).toBe(200);
    expect(codeOf(await confirm(second.adoptionId, second.signed))).toBe('simulation-stale');
  });

  it('nobody goes back behind what was signed, or gives one version two contents', async () => {
    world.clock.today = '2027-01-20';
    expect(codeOf(await load(withBook('2026-11-30', 7)))).toBe('law-conflict');
    expect((await load(withBook('2027-02-01', 7))).status).toBe(201);
    expect((await load(withBook('2027-02-01', 7))).status).toBe(200);
    expect(codeOf(await load(withBook('2027-02-01', 6)))).toBe('law-conflict');
  });

  it('of two tables signed at once for the same tenant only one counts', async () => {
    world.clock.today = '2027-01-20';
    const rivals = await Promise.all([
      proposed(withBook('2027-03-01', 12)),
      proposed(withBook('2027-03-02', 13)),
    ]);
    const answers = await Promise.all(
      rivals.map(({ adoptionId, signed }) => confirm(adoptionId, signed)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('refuses what is no table, no simulation, a day gone by, and another tenant’s', async () => {
    world.clock.today = '2027-01-20';
    const { simulationId } = await proposed(withBook('2027-04-01', 14));
    expect((await propose(simulationId, '2027-01-19')).status).toBe(400);
    expect((await world.call('POST', 'law/simulations', { body: { table: 'x' } })).status).toBe(
      400,
    );
    const unknown = { table: digestOfJson('none') };
    expect((await world.call('POST', 'law/simulations', { body: unknown })).status).toBe(404);
    const elsewhere = { tenant: 't-002' };
    expect((await world.call('GET', `law/simulations/${simulationId}`, elsewhere)).status).toBe(
      404,
    );
    const { tables } = (await world.call('GET', 'law/tables', elsewhere)).body;
    expect(tables).toMatchObject([{ source: 'released', version: LAW_DATA.version }]);
  });

  it('an adopted table cannot be altered by the service that computes by it', async () => {
    await expectForbidden(world.pool, [
      `update law_table set content = '{}'`,
      `delete from law_table`,
      `update law_simulation set result = '{}'`,
      `update law_adoption set table_digest = '\\x00'`,
      `update law_adoption set adopt_from = '2020-01-01'`,
      `delete from law_adoption`,
    ]);
  });

  it('a released table that nobody signed off waits as a task', async () => {
    const owner = world.database.pool('postgres');
    const client = await owner.connect();
    await client.query(`insert into disposal.law_table (tenant_id, digest, version, source, content)
      values ('t-002', decode(repeat('ab', 32), 'hex'), '2027-06-01', 'released', '{}')`);
    client.release();
    await world.store.jobs.refreshTasks('t-002');
    const { tasks } = (await world.call('GET', 'tasks', { tenant: 't-002' })).body;
    expect(tasks).toMatchObject([{ topic: 'law-adoption', records: 1, closedOn: null }]);
  });
});
