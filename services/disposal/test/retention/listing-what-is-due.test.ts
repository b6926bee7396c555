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
