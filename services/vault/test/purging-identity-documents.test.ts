import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DocumentMetadata } from '@mnv/core';
import { problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { ask, dayFromNow, disclose, kept, pretendedJpeg } from './world/identity-documents.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const DAY_MS = 86_400_000;

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  await told('/all', { complete: true });
});
afterAll(() => world.close());

/** What the disposal service tells of legal holds. */
async function told(path: string, body: object): Promise<void> {
  const call = { deadlineMs: 20_000 };
  const answer = await vault.asDisposal.json(`/internal/legal-holds${path}`, body, call);
  if (answer.status !== 200) throw new Error(`not told: ${problemOf(answer)}`);
}

let tenants = 0;
/** A tenant, a record of it, and a copy that was taken at a verification so many days ago. */
async function copyTaken(daysAgo: number) {
  tenants += 1;
  tenant = await world.createTenant(vault, `t-${String(tenants).padStart(3, '0')}`);
  const [record] = (await storeNumbers(vault, tenant, 1)) as [Stored];
  const { recordId } = record;
  const content = pretendedJpeg();
  const changes = { verifiedOn: dayFromNow(-daysAgo) };
  const { documentId } = await kept(vault, tenant, { recordId, content, changes });
  return { record, recordId, documentId, content, of: tenant };
}

type Taken = Awaited<ReturnType<typeof copyTaken>>;
const shown = ({ of, recordId, documentId }: Taken) => disclose(vault, of, [recordId, documentId]);
const listed = async ({ of, recordId }: Taken) => {
  const { body } = await ask(vault, of, { path: 'list', recordId });
  return (body as { documents: [DocumentMetadata] }).documents[0];
};
const purged = (taken: Taken) =>
  until(async () => {
    const one = await listed(taken);
    return one.purged && one;
  });
const sealedBytes = async ({ documentId }: Taken) => {
  const [row] = await asAdministrator<{ sealed: Buffer | null }>(
    world.database,
    'select sealed from vault.identity_document where document_id = $1',
    [documentId],
  );
  return row?.sealed ?? null;
};
const setPeriod = (of: Tenant, keepDays: unknown, scope = 'disposal:request') =>
  ask(vault, of, { path: 'period', keepDays, scope });

describe('a copy whose days are over', () => {
  it('is told of for the register, page by page, and to its own tenant alone', async () => {
    const taken = await copyTaken(30);
    await setPeriod(taken.of, 1);
    const next = await world.startVault();
    await purged(taken);
    await next.close();
    const page = (of: Tenant) => ask(vault, of, { path: 'purged', scope: 'report:read' });
    expect((await page(taken.of)).body).toMatchObject({
      documents: [{ documentId: taken.documentId, purged: { because: 'time' } }],
    });
    const after = { path: 'purged', scope: 'report:read', after: taken.documentId };
    expect((await ask(vault, taken.of, after)).body).toEqual({ documents: [] });
    const other = await copyTaken(0);
    expect((await page(other.of)).body).toEqual({ documents: [] });
    expect(problemOf(await ask(vault, taken.of, { path: 'purged', scope: 'record:read' }))).toBe(
      '403 scope-missing',
    );
  });
});

describe('the days of a tenant', () => {
  it('are the thirty of the rule, which says that it is no law, until fewer are chosen', async () => {
    const taken = await copyTaken(7);
    expect((await setPeriod(taken.of, undefined, 'record:read')).body).toEqual({
      keepDays: 30,
      maximumDays: 30,
      rule: 'R-IDIMG',
      citation: expect.stringContaining('PPC'),
      confidence: 'confirmed-secondary',
      doubt: expect.stringContaining('not a period of law'),
    });
    expect((await setPeriod(taken.of, 7)).body).toMatchObject({ keepDays: 7 });
    expect(await listed(taken)).toMatchObject({ keptUntil: dayFromNow(0) });
    expect(await shown(taken)).toEqual(taken.content);
    expect((await setPeriod(taken.of, 6)).body).toMatchObject({ keepDays: 6 });
    // No job has looked yet.
    expect(await shown(taken)).toBe('document-purged');
    const next = await world.startVault();
    await purged(taken);
    await next.close();
    expect(await sealedBytes(taken)).toBeNull();
  });

  it.each([0, -1, 31, 400, 1.5, '7'])('cannot be %p', async (keepDays) => {
    const { of } = await copyTaken(0);
    expect(problemOf(await setPeriod(of, keepDays))).toBe('400 invalid-request');
  });

  it('are not set by who only reads', async () => {
    const { of } = await copyTaken(0);
    expect(problemOf(await setPeriod(of, 7, 'record:read'))).toBe('403 scope-missing');
  });
});

describe('a legal hold (法的保全)', () => {
  const hold = (of: Tenant, individuals?: string[]) => {
    const holdId = randomUUID();
    const living = [{ holdId, ...(individuals && { individuals }) }];
    const holds = { tenantId: of.tenantId, living, lifted: [] as string[] };
    return { place: () => told('', holds), lift: () => told('', { ...holds, lifted: [holdId] }) };
  };
  /** A purge of everything there is, by an instance that begins. */
  const purge = async () => {
    const bystander = await copyTaken(5);
    await setPeriod(bystander.of, 1);
    const next = await world.startVault();
    await purged(bystander);
    await next.close();
  };

  it.each(['individual', 'tenant'])('of the %s keeps its copies until it is lifted', async (of) => {
    const taken = await copyTaken(5);
    const { place, lift } = hold(
      taken.of,
      of === 'individual' ? [taken.record.individualRef] : undefined,
    );
    await place();
    await setPeriod(taken.of, 1);
    await purge();
    expect(await listed(taken)).toMatchObject({ keptUntil: dayFromNow(-4), held: true });
    expect(await shown(taken)).toEqual(taken.content);

    await lift();
    // Told again, as what was lost in between would be.
    await place();
    expect(await listed(taken)).not.toHaveProperty('held');
    expect(await shown(taken)).toBe('document-purged');
    await purge();
    expect(await sealedBytes(taken)).toBeNull();
  });

  it('of somebody else keeps none, and one of another tenant neither', async () => {
    const taken = await copyTaken(5);
    const other = await copyTaken(5);
    await hold(taken.of, ['somebody-else']).place();
    await hold(other.of).place();
    await setPeriod(taken.of, 1);
    await purge();
    expect(await sealedBytes(taken)).toBeNull();
  });

  it('that may not have been told yet is waited for: nothing is purged', async () => {
    const taken = await copyTaken(5);
    await setPeriod(taken.of, 1);
    const lately = (interval: string) =>
      asAdministrator(
        world.database,
        `update vault.legal_holds_told set told_at = now() - interval '${interval}'`,
      );
    await lately('10 minutes');
    const next = await world.startVault();
    const waited = () => next.logged().includes('copies were not purged');
    await until(async () => waited() || (await sealedBytes(taken)) === null || undefined);
    await next.close();
    expect(await sealedBytes(taken)).not.toBeNull();
    expect(await shown(taken)).toBe('document-purged');
    await lately('0');
    await purge();
    expect(await sealedBytes(taken)).toBeNull();
  });

  it('is told by the disposal service alone', async () => {
    const all = { complete: true };
    expect(problemOf(await vault.call('/internal/legal-holds/all', all))).toBe('403 not-permitted');
  });
});

describe('the copies of a record that is disposed of', () => {
  it('cannot be read from the order on', async () => {
    const taken = await copyTaken(0);
    const slow = await world.startVault({ epochs: { settleMs: 60_000 } });
    await vault.close();
    vault = slow;
    const calls = disposing(vault, taken.of);
    const batch = await calls.approved(batchOf([taken.record]));
    await calls.order(batch);
    expect(await shown(taken)).toBe('already-disposed');
    expect((await calls.stop(batch)).status).toBe(200);
    expect(await shown(taken)).toEqual(taken.content);
    const quick = await world.startVault();
    await vault.close();
    vault = quick;
  });

  it('go with its key: their bytes put back from a backup open no more', async () => {
    const taken = await copyTaken(0);
    const inBackup = await sealedBytes(taken);
    const [number] = await asAdministrator<{ sealed: Buffer }>(
      world.database,
      'select sealed_number as sealed from vault.number_record where record_id = $1',
      [taken.recordId],
    );
    await disposing(vault, taken.of).disposed(batchOf([taken.record]));
    expect(await sealedBytes(taken)).toBeNull();
    expect((await listed(taken)).purged).toMatchObject({ because: 'disposal' });

    const run = (text: string, ...values: unknown[]) =>
      asAdministrator(world.database, text, values);
    await run(
      'update vault.number_record set disposed_at = null, frozen_at = null, sealed_number = $2 where record_id = $1',
      taken.recordId,
      number?.sealed,
    );
    await run(
      'update vault.identity_document set sealed = $2, purged_at = null, purged_for = null where document_id = $1',
      taken.documentId,
      inBackup,
    );
    expect(await shown(taken)).toBe('already-disposed');
  });
});

// At the end: the control log takes no entry of a clock that lies behind its last one.
describe('the day after', () => {
  it('purges what was kept on the thirtieth day, whichever instance looks first', async () => {
    const last = await copyTaken(30);
    const young = await copyTaken(29);
    expect(await listed(last)).toMatchObject({ keptUntil: dayFromNow(0) });
    expect(await shown(last)).toEqual(last.content);

    const tomorrow = await world.startVault({ clock: () => Date.now() + DAY_MS });
    expect(await purged(last)).toMatchObject({
      documentId: last.documentId,
      purged: { because: 'time', at: expect.any(String) },
    });
    await tomorrow.close();
    expect(await sealedBytes(last)).toBeNull();
    expect(await shown(last)).toBe('document-purged');
    expect(await shown(young)).toEqual(young.content);
    expect(tomorrow.logged()).toContain('copies of identity documents purged');
    expect(tomorrow.logged()).not.toContain(last.documentId);
  });
});
