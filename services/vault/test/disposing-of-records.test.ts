import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { batchHashOf, disposalActorText, manifestHashOf, opensCommitment } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import { outcomesOf, problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch } from './world/disposing.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

const store = (count: number) => storeNumbers(vault, tenant, count);
const entries = async () => entriesOf(await openControlLog(vault, world.controlVkey));

async function disclose(stored: readonly Stored[]) {
  const recordIds = stored.map(({ recordId }) => recordId);
  const intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds });
  return outcomesOf(
    await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent])),
  );
}

async function read(path: 'read' | 'find', question: object) {
  const evidence = { token: await tenant.client.token(), certificate: tenant.client.certificate };
  const asked = { ...evidence, tenantId: tenant.tenantId, rid: randomUUID(), ...question };
  return vault.call(`/internal/records/${path}`, asked);
}

async function evidenceOf({ disposalId }: Batch): Promise<Record<string, unknown>[]> {
  const path = `/internal/disposals/${disposalId}/evidence?tenantId=${tenant.tenantId}`;
  const lines = [];
  for await (const line of vault.asDisposal.lines(path, { deadlineMs: 20_000 }))
    lines.push(JSON.parse(line.toString()) as object);
  return lines as Record<string, unknown>[];
}

describe('a disposal', () => {
  it('erases what three persons agreed on, and nothing else', async () => {
    const stored = await store(20);
    const [leavers, staying] = [stored.slice(0, 5), stored.slice(5)];
    await disclose(leavers);
    const shown = await disposing(vault, tenant).disposed(batchOf(leavers));

    expect(shown).toMatchObject({ state: 'erased', approvals: 2, held: false });
    expect(await disclose(leavers)).toEqual([leavers.map(() => 'already-disposed')]);
    expect(await disclose(staying)).toEqual([staying.map(({ label }) => label)]);
    const rows = await asAdministrator(
      world.database,
      'select count(*)::int as n from vault.number_record where sealed_number is null and disposed_at is not null',
    );
    expect(rows).toEqual([{ n: 5 }]);
  });

  it('is written in the control log, each step before the next', async () => {
    const before = (await entries()).length;
    const batch = batchOf(await store(3));
    const { epoch } = await disposing(vault, tenant).disposed(batch);
    const written = (await entries())
      .slice(before)
      .filter(({ op }) => op !== 'checkpoint.seen' && op !== 'internal.opened');

    expect(written.map(({ op }) => op)).toEqual([
      'disposal.requested',
      'disposal.approved',
      'disposal.approved',
      'erasure.intent',
      'root.created',
      'erasure.flipped',
      'root.disabled',
      'erasure.fenced',
      'erasure.erased',
    ]);
    const manifest = manifestHashOf([batchHashOf(batch.recordIds)]);
    expect(written.find(({ op }) => op === 'erasure.intent')).toMatchObject({
      manifest,
      epoch,
      cnt: 3,
    });
    expect(written.at(-1)).toMatchObject({ op: 'erasure.erased', epoch, cnt: 3 });
    expect(JSON.stringify(written)).not.toMatch(/requester|approver|t-001/);
  });

  it('reads as disposed of from the moment it is ordered, wherever it is asked for', async () => {
    const slow = await world.startVault({ epochs: { settleMs: 60_000 } });
    await vault.close();
    vault = slow;
    const record = makeRecord();
    const key = randomUUID();
    const answer = await storeLines(vault, tenant, { lines: [{ key, record }] });
    const [{ recordId }] = (answer.body as { lines: [{ recordId: string }] }).lines;
    const one = { ...record, recordId, label: '' };
    const calls = disposing(vault, tenant);
    const batch = await calls.approved(batchOf([one]));
    expect((await calls.order(batch)).body).toEqual({ state: 'frozen' });

    expect(await disclose([one])).toEqual([['already-disposed']]);
    expect(problemOf(await read('read', { recordId }))).toBe('410 already-disposed');
    const { individualRef } = record;
    expect((await read('find', { individualRef })).body).toEqual({ records: [], superseded: [] });
    const again = await storeLines(vault, tenant, { lines: [{ key, record }] });
    expect(again.body).toEqual({ lines: [{ problem: 'already-disposed' }] });

    expect((await calls.stop(batch)).status).toBe(200);
    expect((await read('read', { recordId })).status).toBe(200);
  });
});

describe('the evidence of a disposal', () => {
  it('has all that a certificate needs', async () => {
    const world2 = await createWorld();
    const other = await world2.startVault();
    const company = await world2.createTenant(other, 't-001');
    const stored = await storeNumbers(other, company, 70);
    const [twice] = stored as [Stored];
    for (const recordIds of [[twice.recordId], [twice.recordId]]) {
      const intent = await makeIntent(company.client, { tenant: 't-001', recordIds });
      await other.call('/internal/disclosures', logAndMakeTicket(company.log, [intent]));
    }
    [vault, tenant] = [other, company];
    const batch = batchOf(stored.slice(0, 66));
    const shown = await disposing(other, company).disposed(batch);
    const [head, ...items] = await evidenceOf(batch);
    const log = await entriesOf(await openControlLog(other, world2.controlVkey));

    expect(head).toMatchObject({
      v: 1,
      disposalId: batch.disposalId,
      tenantId: 't-001',
      count: 66,
    });
    const { indices, by } = head as {
      indices: Record<string, number>;
      by: { requested: Person; approved: Person[] };
    };
    expect(log[indices['erased'] as number]).toMatchObject({
      op: 'erasure.erased',
      epoch: shown.epoch,
    });
    for (const person of [by.requested, ...by.approved]) {
      const { by: commitment } = log[person.index] as Extract<ControlEntry, { by: string }>;
      expect(
        opensCommitment(
          { commitment, nonce: person.nonce },
          disposalActorText({ ...person, tenantId: 't-001' }),
        ),
      ).toBe(true);
    }
    expect(items.map((item) => item['recordId'])).toEqual(batch.recordIds);
    expect(items[0]?.['egress']).toMatchObject({
      releases: 2,
      numbers: 2,
      recipients: [{ act: 'payroll', sub: 'person-1', count: 2 }],
    });
    await world2.close();
  });
});

type Person = { iss: string; sub: string; nonce: string; index: number };
