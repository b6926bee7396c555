import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ReleasedRecord, ReleasedRequest } from '@mnv/protocol';
import { makeIndividualNumber } from '@mnv/testing';
import { labelOf, outcomesOf, problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { changed, changeNumber, discloseAs, makeChange } from './world/changing.ts';
import { entriesOf, openControlLog } from './world/control-log.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
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

const stored = async (changes: object = {}) =>
  ((await storeNumbers(vault, tenant, 1, changes)) as [Stored])[0];
const ask = async (path: string, question: object) => {
  const { tenantId, client } = tenant;
  const evidence = { token: await client.token(), certificate: client.certificate };
  return vault.call(path, { ...evidence, tenantId, rid: randomUUID(), ...question });
};
const recordsOf = (answer: { body: unknown }): ReleasedRecord[] => {
  const [one] = (answer.body as { requests: ReleasedRequest[] }).requests;
  return one && 'records' in one ? one.records : [];
};
const disclose = async (recordId: string, operation?: string) => {
  const asked = { recordIds: [recordId], ...(operation && { operation }) };
  return discloseAs(vault, tenant, asked);
};

describe('a number that changed', () => {
  it('is held by a new record of the same individual, for the same purposes', async () => {
    const old = await stored({ relatedRef: 'E-1', subject: 'D', purposes: ['TAX-WITHHOLD'] });
    const change = makeChange({ noticeVersion: '2026-2' });
    const recordId = await changed(vault, tenant, { ...old, change });
    expect(outcomesOf(await disclose(recordId))).toEqual([[labelOf(change.individualNumber)]]);
    const { body } = await ask('/internal/records/read', { recordId });
    expect(body).toEqual({
      recordId,
      individualRef: old.individualRef,
      subject: 'D',
      relatedRef: 'E-1',
      purposes: ['TAX-WITHHOLD'],
      verification: change.verification,
      noticeVersion: '2026-2',
      storedAt: expect.any(String),
    });
  });

  it('is what is found of the individual; the record before is listed as superseded', async () => {
    const old = await stored();
    const second = await changed(vault, tenant, { ...old, change: makeChange() });
    const third = await changed(vault, tenant, { recordId: second, change: makeChange() });
    const { individualRef } = old;
    const { body } = await ask('/internal/records/find', { individualRef });
    expect(body).toMatchObject({
      records: [{ recordId: third }],
      superseded: [
        {
          recordId: old.recordId,
          superseded: { by: second, reason: 'changed', from: '2026-10-01' },
        },
        { recordId: second, superseded: { by: third } },
      ],
    });
  });

  it('leaves the old one to who asks for it for a form that was filed with it, and names the new record to all others', async () => {
    const old = await stored();
    const by = await changed(vault, tenant, { ...old, change: makeChange() });
    expect(recordsOf(await disclose(old.recordId))).toEqual([
      { problem: 'record-superseded', supersededBy: by },
    ]);
    expect(outcomesOf(await disclose(old.recordId, 'disclose-superseded'))).toEqual([[old.label]]);
    expect(outcomesOf(await disclose(by, 'disclose-superseded'))).toEqual([
      ['record-not-superseded'],
    ]);
  });

  it('leaves a mistyped one to nobody', async () => {
    const old = await stored();
    const change = makeChange({ reason: 'corrected' });
    const supersededBy = await changed(vault, tenant, { ...old, change });
    for (const operation of ['disclose', 'disclose-superseded'])
      expect(recordsOf(await disclose(old.recordId, operation))).toEqual([
        { problem: 'record-superseded', supersededBy },
      ]);
  });

  it('is compared under an entry of the control log, and refused when it is the one held', async () => {
    const old = await stored();
    const openings = async () =>
      (await entriesOf(await openControlLog(vault, world.controlVkey))).filter(
        ({ op }) => op === 'internal.opened',
      ).length;
    const before = await openings();
    const change = makeChange({ individualNumber: old.individualNumber });
    expect(problemOf(await changeNumber(vault, tenant, { ...old, change }))).toBe(
      '422 number-unchanged',
    );
    expect(await openings()).toBe(before + 1);
    expect(outcomesOf(await disclose(old.recordId))).toEqual([[old.label]]);
  });
});

describe('a change sent again', () => {
  it('under its key makes one record, and another body or number is refused', async () => {
    const old = await stored();
    const asked = { recordId: old.recordId, key: randomUUID(), change: makeChange() };
    const recordId = await changed(vault, tenant, asked);
    expect(await changed(vault, tenant, asked)).toBe(recordId);
    const others = [
      { individualNumber: makeIndividualNumber() },
      { from: '2026-10-02' },
      { reason: 'corrected' },
      { noticeVersion: 'other' },
    ];
    for (const other of others) {
      const change = { ...asked.change, ...other };
      expect(problemOf(await changeNumber(vault, tenant, { ...asked, change }))).toBe(
        '422 idempotency-mismatch',
      );
    }
  });

  it('under another key is told which record holds the number', async () => {
    const old = await stored();
    const change = makeChange();
    const supersededBy = await changed(vault, tenant, { ...old, change });
    const again = await changeNumber(vault, tenant, { ...old, change });
    expect(problemOf(again)).toBe('409 record-superseded');
    expect(again.body).toMatchObject({ supersededBy });
  });
});

describe('a change that cannot be', () => {
  const bad = (change: object) => changeNumber(vault, tenant, { recordId: randomUUID(), change });

  it.each([
    ['a day to come', makeChange({ from: '2999-01-01' })],
    ['a day before any number was given', makeChange({ from: '2015-10-04' })],
    ['a day that does not exist', makeChange({ from: '2026-02-30' })],
    ['another reason', makeChange({ reason: 'lost' })],
    ['purposes of its own', makeChange({ purposes: ['TAX-LOCAL'] })],
    ['no verification', makeChange({ verification: undefined })],
    [
      'a verification on a day to come',
      makeChange({ verification: { ...makeChange().verification, verifiedOn: '2999-01-01' } }),
    ],
  ])('is refused: %s', async (_why, change) => {
    expect(problemOf(await bad(change))).toBe('400 invalid-request');
  });

  it('is refused with a number that is none', async () => {
    const wrong = makeIndividualNumber().replace(/.$/, (last) => String((Number(last) + 1) % 10));
    for (const individualNumber of [wrong, '0'.repeat(12)])
      expect(problemOf(await bad(makeChange({ individualNumber })))).toBe(
        '422 individual-number-invalid',
      );
  });

  it('is refused of a record that is unknown, or of another tenant', async () => {
    const elsewhere = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const old = await stored();
    for (const [of, recordId] of [
      [tenant, randomUUID()],
      [elsewhere, old.recordId],
    ] as const) {
      const answer = await changeNumber(vault, of, { recordId, change: makeChange() });
      expect(problemOf(answer)).toBe('404 record-not-found');
    }
  });

  it('is refused of a record that was disposed of, and without the right to store', async () => {
    const [old, frozen] = [await stored(), await stored()];
    await asAdministrator(
      world.database,
      'update vault.number_record set frozen_at = now() where record_id = $1',
      [frozen.recordId],
    );
    await asAdministrator(
      world.database,
      'update vault.number_record set disposed_at = now(), sealed_number = null where record_id = $1',
      [old.recordId],
    );
    for (const { recordId } of [old, frozen])
      expect(problemOf(await changeNumber(vault, tenant, { recordId, change: makeChange() }))).toBe(
        '410 already-disposed',
      );
    const token = await tenant.client.token({ scope: 'number:read record:read' });
    const asked = { recordId: old.recordId, change: makeChange(), token };
    expect(problemOf(await changeNumber(vault, tenant, asked))).toBe('403 scope-missing');
  });
});

describe('the place of a superseded record', () => {
  it('is taken by its successor alone: nobody stores a second number for the individual', async () => {
    const old = await stored();
    await changed(vault, tenant, { ...old, change: makeChange() });
    await expect(stored({ individualRef: old.individualRef })).rejects.toThrow(
      'a record was not stored',
    );
  });

  it('cannot be given to another by the role of the vault', async () => {
    const old = await stored();
    const by = await changed(vault, tenant, { ...old, change: makeChange() });
    const pool = world.database.pool('vault_service', { max: 1 });
    const session = await pool.connect();
    const update = (set: string) =>
      session.query(`update vault.number_record set ${set} where record_id = $1`, [old.recordId]);
    await session.query("select set_config('app.tenant', 't-001', false)");
    await expect(
      update('superseded_by = null, superseded_as = null, superseded_from = null'),
    ).rejects.toThrow('a record is superseded once');
    await expect(update("superseded_as = 'corrected'")).rejects.toThrow(
      'a record is superseded once',
    );
    expect((await update(`superseded_by = '${by}'`)).rowCount).toBe(1);
    session.release();
    await pool.end();
  });
});
