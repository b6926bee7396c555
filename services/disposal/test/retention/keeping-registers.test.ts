import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectForbidden, makeIndividualNumber } from '@mnv/testing';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('registers that people keep', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.clock.today = '2026-11-25';
  });

  const post = (path: string, body: object, tenant = 't-001') =>
    world.call('POST', path, { tenant, body });
  const codeOf = ({ body }: { body: Record<string, unknown> }) =>
    String(body['type']).replace(/.*:/, '');
  const isOpen = async (topic: string) => {
    await world.store.jobs.refreshTasks('t-001');
    const { tasks } = (await world.call('GET', 'tasks')).body as {
      tasks: { topic: string; closedOn: string | null }[];
    };
    return tasks.some((one) => one.topic === topic && one.closedOn === null);
  };

  describe('what was carried (持ち運び)', () => {
    const item = (more: object = {}) => ({
      id: randomUUID(),
      on: '2026-11-20',
      what: '扶養控除等申告書の控え',
      people: 120,
      medium: 'paper',
      protections: ['sealed-envelope', 'locked-case'],
      seal: 'S-0042',
      carrier: '総務課 佐藤',
      from: '本社 取扱区域',
      to: '倉庫',
      ...more,
    });
    const list = async (query = 'from=2026-11-01&to=2026-11-30', tenant = 't-001') =>
      (await world.call('GET', `carried-items?${query}`, { tenant })).body['items'];

    it('is kept once, and shown with who received it', async () => {
      const carried = item();
      expect((await post('carried-items', carried)).status).toBe(201);
      expect((await post('carried-items', carried)).status).toBe(200);
      expect(codeOf(await post('carried-items', { ...carried, people: 121 }))).toBe(
        'event-differs',
      );

      const received = { kind: 'received', on: '2026-11-21', remark: '倉庫 田中' };
      const ends = `carried-items/${carried.id}/ends`;
      expect(codeOf(await post(ends, { ...received, on: '2026-11-19' }))).toBe('event-contradicts');
      expect((await post(ends, received)).status).toBe(201);
      expect((await post(ends, received)).status).toBe(200);
      expect(codeOf(await post(ends, { ...received, kind: 'withdrawn' }))).toBe(
        'event-contradicts',
      );
      expect(await list()).toMatchObject([
        { ...carried, recordedBy: 'clerk-1', end: { ...received, recordedBy: 'clerk-1' } },
      ]);
      expect(await list('from=2026-11-01&to=2026-11-30', 't-002')).toEqual([]);
    });

    it.each([
      ['a day to come', { on: '2026-11-26' }],
      ['a day that does not exist', { on: '2026-02-30' }],
      ['no protection', { protections: [] }],
      ['an unknown medium', { medium: 'pigeon' }],
      ['a member too many', { number: 1 }],
      ['half a person', { people: 0.5 }],
    ])('refuses %s', async (_what, more) => {
      expect((await post('carried-items', item(more))).status).toBe(400);
    });

    it('refuses a number in every text, and repeats none', async () => {
      const number = makeIndividualNumber();
      for (const name of [
        'what',
        'seal',
        'tracking',
        'carrier',
        'from',
        'to',
        'approvedBy',
        'id',
      ]) {
        const answer = await post('carried-items', item({ [name]: number }));
        expect([name, answer.status, answer.text.includes(number)]).toEqual([name, 400, false]);
      }
    });

    it('is shown page by page, each once', async () => {
      const day = { on: '2025-03-03' };
      const ids = Array.from({ length: 501 }, (_, at) => `page-${String(at).padStart(4, '0')}`);
      for (const id of ids) await post('carried-items', item({ ...day, id }));
      const query = 'from=2025-03-03&to=2025-03-03';
      const first = await world.call('GET', `carried-items?${query}`);
      const next = String(first.body['next']);
      const rest = (await list(`${query}&after=${next}`)) as { id: string }[];

      const seen = [...(first.body['items'] as { id: string }[]), ...rest].map(({ id }) => id);
      expect(seen).toEqual(ids);
    });

    it('becomes a task when nobody received it for fourteen days', async () => {
      await post('carried-items', item());
      expect(await isOpen('carried-unreceived')).toBe(true); // those of 2025
      for (const { id } of (await list('from=2025-01-01&to=2025-12-31')) as { id: string }[])
        await post(`carried-items/${id}/ends`, {
          kind: 'withdrawn',
          on: '2026-11-25',
          remark: '試験',
        });
      const last = (await list('from=2025-03-03&to=2025-03-03&after=page-0499')) as {
        id: string;
      }[];
      for (const { id } of last)
        await post(`carried-items/${id}/ends`, {
          kind: 'withdrawn',
          on: '2026-11-25',
          remark: '試験',
        });
      expect(await isOpen('carried-unreceived')).toBe(false);
      world.clock.today = '2026-12-10';
      expect(await isOpen('carried-unreceived')).toBe(true);
    });
  });

  describe('deletions of subcontractors (委託先の証明)', () => {
    const deletion = {
      subcontractor: '株式会社倉庫',
      what: '書類 12 箱の溶解',
      dueOn: '2026-11-24',
    };
    const proof = (more: object = {}) => ({
      fileSha256: createHash('sha256').update('a file').digest('hex'),
      issuer: '株式会社倉庫',
      issuedOn: '2026-11-23',
      kind: 'certificate',
      ...more,
    });

    it('wait for a proof, are chased when it is late, and are closed by it', async () => {
      const { deletionId } = (await post('subcontractor-deletions', deletion)).body;
      expect(await isOpen('subcontractor-certificate')).toBe(true);
      const path = `subcontractor-deletions/${String(deletionId)}/certificates`;
      expect((await post(path, proof())).status).toBe(201);
      expect((await post(path, proof())).status).toBe(200);

      expect(await isOpen('subcontractor-certificate')).toBe(false);
      const { deletions } = (await world.call('GET', 'subcontractor-deletions')).body;
      expect(deletions).toMatchObject([{ ...deletion, certificates: [proof()] }]);
    });

    it('are shown page by page, though a proof comes in between', async () => {
      const noted: string[] = [];
      for (let at = 0; at < 501; at += 1) {
        const { body } = await post('subcontractor-deletions', {
          ...deletion,
          dueOn: '2026-11-23',
        });
        noted.push(String(body['deletionId']));
      }
      const page = async (query = '') =>
        (await world.call('GET', `subcontractor-deletions${query}`)).body as {
          deletions: { deletionId: string }[];
          next?: string;
        };
      const first = await page();
      const last = String(first.deletions.at(-1)?.deletionId);
      expect((await post(`subcontractor-deletions/${last}/certificates`, proof())).status).toBe(
        201,
      );
      const seen = first.deletions.map(({ deletionId }) => deletionId);
      for (let { next } = first; next !== undefined; ) {
        const more = await page(`?after=${next}`);
        seen.push(...more.deletions.map(({ deletionId }) => deletionId));
        next = more.next;
      }
      expect(seen).toEqual(expect.arrayContaining(noted));
      const { body } = await world.call('GET', 'subcontractor-deletions?after=1.2026-13-01.x');
      expect(body['type']).toContain('invalid-request');
    });

    it('belong to a disposal of the tenant, or to none', async () => {
      const { deletionId } = (await post('subcontractor-deletions', deletion)).body;
      const path = `subcontractor-deletions/${String(deletionId)}/certificates`;
      expect((await post(path, proof({ disposalId: randomUUID() }))).status).toBe(404);
      expect((await post(path, proof(), 't-002')).status).toBe(404);
    });

    it.each([
      ['a proof of tomorrow', proof({ issuedOn: '2026-11-26' })],
      ['a digest that is none', proof({ fileSha256: 'ABC' })],
      ['an unknown kind', proof({ kind: 'promise' })],
    ])('refuse %s', async (_what, body) => {
      const { deletionId } = (await post('subcontractor-deletions', deletion)).body;
      const path = `subcontractor-deletions/${String(deletionId)}/certificates`;
      expect((await post(path, body)).status).toBe(400);
    });
  });

  it('leave nobody the right to change what was written down', async () => {
    await expectForbidden(world.pool, [
      `update carried_item set content = '{}'`,
      'delete from carried_item',
      'delete from carried_item_end',
      `update subcontractor_deletion set due_on = '2030-01-01'`,
      'delete from subcontractor_certificate',
    ]);
  });
});
