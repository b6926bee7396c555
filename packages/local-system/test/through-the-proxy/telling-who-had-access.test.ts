import { X509Certificate, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { legalDayOf } from '@mnv/core';
import type { World } from './world.ts';
import { startWorld } from './world.ts';

const today = legalDayOf(Date.now());
const period = { from: '2026-01-01', to: '2099-12-31' };
const PATH = `/v1/tenants/t-001/access-list?from=${period.from}&to=${period.to}`;
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const get = async (person: string, path = PATH) =>
  world.send({ path, token: await world.tokenOf(person) });

describe('the access list of a tenant (アクセス権を有する者)', () => {
  it('names everybody who was assigned, with their training and the days on which they had access', async () => {
    const list = await world.as('compliance-officer-1').accessList(period);
    const of = (person: string) =>
      list.filter(({ subject }) => subject === world.subjectOf(person));

    expect(of('operator-1')).toMatchObject([
      {
        name: '佐藤 美咲',
        purposes: expect.arrayContaining(['TAX-WITHHOLD']),
        from: today,
        to: null,
        trainings: [{ course: '特定個人情報等取扱研修', completedOn: today }],
        held: [{ from: today }],
      },
    ]);
    expect(of('operator-2')).toMatchObject([{ name: '鈴木 大輔', trainings: [], held: [] }]);
    expect(of('operator-4')).toEqual([]);
    expect(of('approver-1')).toEqual([]);
  });

  it('is of the period: who was assigned before or after it is not named', async () => {
    const administrator = world.as('administrator-1', 'operator', 'administration').administration;
    const subject = world.subjectOf('operator-4');
    const assignment = { subject, purposes: ['EI'], from: '2026-02-01', to: '2026-02-10' };
    await administrator.addAssignment('t-001', assignment);
    const named = async (from: string, to: string) =>
      (await administrator.accessList('t-001', { from, to })).some(
        (one) => one.subject === subject,
      );

    expect(await named('2026-02-10', '2026-02-20')).toBe(true);
    expect(await named('2026-01-01', '2026-02-01')).toBe(true);
    expect(await named('2026-02-11', '2026-03-01')).toBe(false);
    expect(await named('2026-01-01', '2026-01-31')).toBe(false);
  });

  it('leaves an entry of each view, and of each refused one, before it is answered', async () => {
    const before = (await world.entriesOf('t-001')).length;
    expect((await get('auditor-1')).status).toBe(200);
    const refused = await get('operator-1');
    expect([refused.status, world.codeOf(refused)]).toEqual([403, 'scope-missing']);

    expect(await world.entriesSince(before, 2)).toMatchObject([
      { k: 'act', op: 'view-access-list', sub: world.subjectOf('auditor-1'), dec: 'allow' },
      { k: 'deny', op: 'view-access-list', dec: 'deny:scope-missing' },
    ]);
  });

  it('leaves the entry of an administrator in the log of the operator company', async () => {
    const before = (await world.entriesOf('operator')).length;
    const administrator = world.as('administrator-1', 'operator', 'administration');
    await administrator.administration.accessList('t-001', period);
    expect(await world.entriesSince(before, 1, 'operator')).toMatchObject([
      { k: 'act', op: 'view-access-list', sub: world.subjectOf('administrator-1') },
    ]);
  });

  it('is shown to nobody of another tenant', async () => {
    const path = PATH.replace('t-001', 't-002');
    const refused = await get('compliance-officer-1', path);
    expect([refused.status, world.codeOf(refused)]).toEqual([404, 'not-found']);
  });

  it.each(['', '?from=2026-01-01', '?from=2026-02-01&to=2026-01-01', '?from=soon&to=2026-01-01'])(
    'asks for two days in order (%j)',
    async (query) => {
      const refused = await get('auditor-1', `/v1/tenants/t-001/access-list${query}`);
      expect([refused.status, world.codeOf(refused)]).toEqual([400, 'invalid-request']);
    },
  );
});

describe('what only the proxy knows, for another service', () => {
  const certificate = () =>
    new X509Certificate(readFileSync(world.filesOf('payroll').certificate)).raw.toString('base64');
  const ask = async (
    what: string,
    { person = 'auditor-1', as = 'service-disposal', tenantId = 't-001', op = `view-${what}` } = {},
  ) => {
    const token = await world.tokenOf(person);
    const act = { token, certificate: certificate(), rid: randomUUID(), op, dec: 'allow', cnt: 0 };
    const days = what === 'identity-document-purges' ? {} : period;
    const body = { tenantId, entry: act, ...days };
    return world.send({ path: `/internal/${what}`, as, body });
  };

  const FACTS = ['access-list', 'disposal-acts', 'identity-document-purges'];

  it.each(FACTS)(
    'is told for a person who may see it, once that is written down (%s)',
    async (what) => {
      const before = (await world.entriesOf('t-001')).length;
      expect((await ask(what)).status).toBe(200);
      expect(await world.entriesSince(before, 1)).toMatchObject([
        { k: 'act', op: `view-${what}`, sub: world.subjectOf('auditor-1') },
      ]);
    },
  );

  it.each([
    ['a person without the right', { person: 'operator-1' }, 403],
    ['another tenant', { tenantId: 't-002' }, 404],
    ['an entry that says something else', { op: 'view-disposal' }, 400],
    ['a client', { as: 'payroll' }, 403],
    ['the vault', { as: 'service-vault' }, 403],
  ])('is not told for %s', async (_who, how, status) => {
    const before = (await world.entriesOf('t-001')).length;
    for (const what of FACTS) expect((await ask(what, how)).status).toBe(status);
    expect((await world.entriesOf('t-001')).length).toBe(before);
  });
});
