import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewRecord, World } from './world.ts';
import { createWorld } from './world.ts';

describe('what is due', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.decide('book', 'no');
  });
  afterAll(() => world.close());

  const leaver = async (record: NewRecord = {}, on = '2026-03-31') => {
    const recordId = await world.stored({ purposes: ['TAX-WITHHOLD'], ...record });
    await world.tell({ recordId, kind: 'left', on });
    await world.tell({ recordId, kind: 'purpose-ended', on, purpose: 'TAX-WITHHOLD' });
    return recordId;
  };
  const due = async (query = '') => {
    await world.compute();
    const { body } = await world.call('GET', `due${query}`);
    return body['due'] as Record<string, unknown>[];
  };
  const idsDue = async () => (await due()).map(({ recordId }) => recordId);
  const dryRun = async (body: object = { kind: 'due' }) =>
    (await world.call('POST', 'dry-runs', { body })).body as unknown as {
      dryRunId: string;
      summary: Record<string, unknown>;
    };
  const part = async (dryRunId: string) => {
    const { text, body } = await world.call('GET', `dry-runs/${dryRunId}/parts/1`);
    if (body['type'] !== undefined) return body['type'];
    return text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { recordId: string }).recordId);
  };

  it('is listed from the day after the last ground, and is overdue after 30 days, wherever the clock was before', async () => {
    const recordId = await leaver();
    world.clock.today = '2026-03-31';
    expect(await idsDue()).toEqual([]);
    world.clock.today = '2026-04-01';
    expect(await due()).toMatchObject([
      { recordId, subject: 'E', dueSince: '2026-04-01', plannedOn: '2026-04-01', overdue: false },
    ]);
    world.clock.today = '2026-05-02';
    expect(await due()).toMatchObject([{ recordId, overdue: true }]);
    world.clock.today = '2026-11-25';
  });

  it('is planned for the end of the month or of the fiscal year where the tenant decided so', async () => {
    await world.decide('policy', 'monthly');
    expect(await due()).toMatchObject([{ plannedOn: '2026-04-30', overdue: true }]);
    await world.decide('policy', 'fiscal-year-end:03');
    expect(await due()).toMatchObject([{ plannedOn: '2027-03-31', overdue: false }]);
    await world.decide('policy', 'immediate');
  });

  it('takes the dependants along when the employee leaves, and says what stays behind', async () => {
    const individualRef = `owner-${randomUUID()}`;
    const owner = await leaver({ individualRef });
    const child = await world.stored({
      subject: 'D',
      relatedRef: individualRef,
      purposes: ['TAX-WITHHOLD'],
    });
    const spouse = await world.stored({
      subject: 'S3',
      relatedRef: individualRef,
      purposes: ['SI-NP3'],
    });
    const lost = await world.stored({
      subject: 'D',
      relatedRef: 'nobody',
      purposes: ['TAX-WITHHOLD'],
    });
    const { summary, dryRunId } = await dryRun();

    expect(await part(dryRunId)).toEqual(expect.arrayContaining([owner, child]));
    expect(await part(dryRunId)).not.toContain(spouse);
    expect(summary).toMatchObject({
      goingAlong: { D: 1, S3: 0 },
      leftBehind: 1,
      keptBy: { ':purpose-alive': 2, ':relation-alive': 1 },
      parts: 1,
    });
    await world.tell({
      recordId: spouse,
      kind: 'purpose-ended',
      on: '2026-04-05',
      purpose: 'SI-NP3',
    });
    await world.tell({ recordId: lost, kind: 'dependant-ended', on: '2026-04-05' });
    await world.tell({
      recordId: lost,
      kind: 'purpose-ended',
      on: '2026-04-05',
      purpose: 'TAX-WITHHOLD',
    });

    expect((await dryRun()).summary).toMatchObject({ goingAlong: { D: 1, S3: 1 }, orphans: 1 });
  });

  it('counts the records whose documents are kept longer', async () => {
    const recordId = await leaver();
    const before = Number((await dryRun()).summary['documentsOutlive']);
    await world.tell({
      recordId,
      kind: 'document-submitted',
      on: '2026-01-20',
      document: 'fuyo',
      reference: '扶養控除等申告書 令和8年分',
      deadline: '2026-01-23',
    });

    expect((await dryRun()).summary['documentsOutlive']).toBe(before + 1);
  });

  it('is not what it was once somebody came back: the part is stale as a whole', async () => {
    const recordId = await leaver();
    const { dryRunId } = await dryRun();
    await world.tell({ recordId, kind: 're-hired', on: '2026-10-01' });

    expect(await part(dryRunId)).toBe('urn:mynumber-vault:problem:dry-run-stale');
    expect(await part((await dryRun()).dryRunId)).not.toContain(recordId);
  });

  it('is not what it was once a number is frozen or gone, and tells people when a frozen one is needed', async () => {
    const recordId = await leaver();
    const { dryRunId } = await dryRun();
    await world.became('frozen', recordId);
    expect(await part(dryRunId)).toBe('urn:mynumber-vault:problem:dry-run-stale');

    await world.tell({ recordId, kind: 're-hired', on: '2026-10-01' });
    await world.compute();
    const { body } = await world.call('GET', 'tasks');
    expect(body['tasks']).toContainEqual(
      expect.objectContaining({ topic: 'recall', closedOn: null }),
    );
  });

  it('may look ahead, but is requested only when its day has come', async () => {
    await leaver({}, '2026-12-31');
    const { dryRunId, summary } = await dryRun({ kind: 'due', until: '2027-01-01' });

    expect(summary['records']).toBe(Number((await dryRun()).summary['records']) + 1);
    expect(await part(dryRunId)).toBe('urn:mynumber-vault:problem:dry-run-stale');
  });

  it('an early disposal names its records and reason, and needs the decision of two persons first', async () => {
    const recordId = await world.stored();
    const { dryRunId, summary } = await dryRun({
      kind: 'early',
      reason: '誤って収集した',
      recordIds: [recordId],
    });

    expect(summary['records']).toBe(1);
    expect(await part(dryRunId)).toBe('urn:mynumber-vault:problem:second-person-required');
    await world.decide(`early/${dryRunId}`, 'dispose');
    expect(await part(dryRunId)).toEqual([recordId]);
  });

  it('pages, and never shows another tenant’s', async () => {
    const all = await idsDue();
    const seen: unknown[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await world.call('GET', `due?limit=1${cursor}`);
      seen.push(...(body['due'] as { recordId: string }[]).map(({ recordId }) => recordId));
      next = body['next'] as string | undefined;
    }

    expect(seen).toEqual(all);
    expect((await world.call('GET', 'due', { tenant: 't-002' })).body['due']).toEqual([]);
  });
});

describe('a legal hold (法的保全)', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.decide('book', 'no');
  });
  afterAll(() => world.close());

  const hold = (body: object, scope = 'hold:write') =>
    world.call('POST', 'holds', {
      scope,
      body: { reason: '税務調査', owner: '法務部', reviewOn: '2027-03-31', ...body },
    });
  const leaver = async (individualRef: string) => {
    const recordId = await world.stored({ individualRef, purposes: ['TAX-WITHHOLD'] });
    await world.tell({ recordId, kind: 'left', on: '2026-03-31' });
    await world.tell({
      recordId,
      kind: 'purpose-ended',
      on: '2026-03-31',
      purpose: 'TAX-WITHHOLD',
    });
    return recordId;
  };
  const listed = async () => {
    await world.compute();
    const { body } = await world.call('POST', 'dry-runs', { body: { kind: 'due' } });
    return body as unknown as { dryRunId: string; summary: { records: number; held: number } };
  };

  it('of an individual wins over everything, dependants included, until it is lifted', async () => {
    await leaver('owner-1');
    const child = await world.stored({
      subject: 'D',
      relatedRef: 'owner-1',
      purposes: ['TAX-WITHHOLD'],
    });
    const before = await listed();
    const { status, body } = await hold({ scope: 'individual', individuals: ['owner-1'] });
    const during = await listed();

    expect([status, body['covered']]).toEqual([201, 2]);
    expect(before.summary).toMatchObject({ records: 2, held: 0 });
    expect(during.summary).toMatchObject({ records: 0, held: 2 });
    expect((await world.life(child)).held).toBe(true);
    const stale = await world.call('GET', `dry-runs/${before.dryRunId}/parts/1`);
    expect(stale.body['type']).toContain('problem:held');

    const lift = await world.call('POST', `holds/${String(body['holdId'])}/lifts`, {
      body: { reason: '調査終了' },
    });
    expect(lift.status).toBe(200);
    expect((await listed()).summary).toMatchObject({ records: 2, held: 0 });
  });

  it('of a tenant holds all, and of a case those it names', async () => {
    await leaver('owner-2');
    const ofCase = await hold({
      scope: 'case',
      caseId: 'LITIGATION-2026-1',
      individuals: ['owner-2'],
    });
    expect([ofCase.status, (await listed()).summary.held]).toEqual([201, 1]);
    const ofTenant = await hold({ scope: 'tenant' });
    expect([ofTenant.status, (await listed()).summary.records]).toEqual([201, 0]);
    const { body } = await world.call('GET', 'holds');
    expect(body['holds']).toMatchObject([
      { scope: 'tenant', owner: '法務部', placedBy: 'clerk-1' },
      { scope: 'case', caseId: 'LITIGATION-2026-1' },
      { scope: 'individual', liftReason: '調査終了' },
    ]);
  });

  it('is refused once it is too late, and names frozen records while it is not', async () => {
    const [gone, frozen] = [await leaver('owner-3'), await leaver('owner-4')];
    await world.became('erased', gone);
    await world.became('frozen', frozen);

    const late = await hold({ scope: 'individual', individuals: ['owner-3'] });
    expect([late.status, late.body['type']]).toEqual([409, 'urn:mynumber-vault:problem:too-late']);
    const placed = await hold({ scope: 'individual', individuals: ['owner-3', 'owner-4'] });
    expect(placed.body).toMatchObject({ covered: 1, frozen: [frozen], erased: 1 });
  });

  it('asks for its review when the day has come', async () => {
    world.clock.today = '2027-03-31';
    await world.store.jobs.refreshTasks('t-001');
    const { body } = await world.call('GET', 'tasks');
    expect(body['tasks']).toContainEqual(
      expect.objectContaining({ topic: 'hold-review', records: 3, closedOn: null }),
    );
    world.clock.today = '2026-11-25';
  });

  it.each([
    [{ scope: 'individual', individuals: ['nobody'] }, 404],
    [{ scope: 'individual', individuals: [] }, 400],
    [{ scope: 'case', individuals: ['owner-2'] }, 400],
    [{ scope: 'tenant', reviewOn: '2026-11-25' }, 400],
    [{ scope: 'tenant', reviewOn: '2028-11-26' }, 400],
    [{ scope: 'tenant', reason: '' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await hold(body)).status).toBe(status);
  });

  it('needs its own right', async () => {
    expect((await hold({ scope: 'tenant' }, 'disposal:request')).status).toBe(403);
  });
});
