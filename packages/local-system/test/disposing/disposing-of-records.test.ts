import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisposalBatch } from '@mnv/client';
import { verifyCertificate } from '@mnv/disposal-certificate';
import { CASE, REASON, codeOf, startDisposalWorld } from './disposal-world.ts';
import type { DisposalWorld } from './disposal-world.ts';

let world: DisposalWorld;
beforeAll(async () => {
  world = await startDisposalWorld();
});
afterAll(() => world.stop());

describe('a disposal by three people', () => {
  let records: { recordId: string; individualRef: string }[];
  let batch: DisposalBatch;
  let before: number;

  it('begins as a draft that the vault does not know', async () => {
    records = await world.storeRecords(20);
    before = (await world.entriesOf('t-001')).length;
    batch = await world.draft(records);
    expect(batch).toMatchObject({ caseId: CASE, count: 20 });
    const { people } = world;
    expect(await people.requester.disposals.get(batch.disposalId)).toMatchObject({
      state: 'draft',
      reason: REASON,
      approvals: 0,
      ordered: false,
    });
    expect(await world.readingOf(records[0]!.recordId)).toBe('read');
  });

  it('shows those who approve what it is about, and nothing of the persons', async () => {
    const [first] = world.people.approvers;
    const seen = await first.disposals.get(batch.disposalId);
    expect(seen).toMatchObject({ caseId: CASE, reason: REASON, count: 20, notDue: 20 });
    expect(seen.batchHash).toBe(batch.batchHash);
    expect(await first.disposals.recordIds(seen)).toEqual(records.map(({ recordId }) => recordId));
  });

  it('is asked for by one and approved by two others, and only then ordered', async () => {
    const { requester, approvers } = world.people;
    expect((await requester.disposals.request(batch)).state).toBe('requested');
    expect(await codeOf(requester.disposals.order(batch))).toBe('approvals-missing');
    expect((await approvers[0].disposals.approve(batch)).approvals).toBe(1);
    expect(await codeOf(approvers[0].disposals.approve(batch))).toBe('approver-repeated');
    expect(await codeOf(requester.disposals.order(batch))).toBe('approvals-missing');
    expect((await approvers[1].disposals.approve(batch)).approvals).toBe(2);
    expect(await world.readingOf(records[0]!.recordId)).toBe('read');
  });

  it('makes its records unreadable from the order on', async () => {
    const ordered = await world.people.requester.disposals.order(batch);
    expect(ordered).toMatchObject({ ordered: true });
    for (const { recordId } of records.slice(0, 3))
      expect(await world.readingOf(recordId)).toBe('already-disposed');
  });

  it('ends with a certificate that an outsider verifies with the policy alone', async () => {
    const { requester } = world.people;
    const { certificate } = await world.whenState(batch, 'certified');
    const jws = await requester.disposals.certificate(batch.disposalId);
    const { ok, claims, digest } = await verifyCertificate(jws, {
      policy: world.policy(),
      tenantId: 't-001',
    });
    expect(claims.filter(({ verdict }) => verdict === 'FAIL')).toEqual([]);
    expect(ok).toBe(true);
    expect(certificate).toMatchObject({ number: 1, hash: digest, index: expect.any(Number) });
    for (const { individualRef } of records) expect(jws).not.toContain(individualRef);
  });

  it('stands in the access log, each act before it was carried out', async () => {
    const acts = (await world.entriesOf('t-001')).slice(before);
    const about = acts.filter(({ case: caseId, k }) => caseId === CASE && k === 'act');
    const steps = about.map(({ op }) => op).filter((op) => op !== 'view-disposal');
    expect(steps).toEqual([
      'draft-disposal',
      'request-disposal',
      'order-disposal',
      'approve-disposal',
      'approve-disposal',
      'order-disposal',
      'approve-disposal',
      'order-disposal',
      'view-disposal-certificate',
    ]);
    const signed = about.filter(({ op }) => /^(request|approve|order)-/.test(op));
    for (const { rqh, cnt } of signed) expect([rqh.length, cnt]).toEqual([43, 20]);
    const subjects = new Set(signed.map(({ sub }) => sub));
    expect(subjects).toEqual(
      new Set(['requester-1', 'approver-1', 'approver-2'].map((name) => world.subjectOf(name))),
    );
    const refused = acts.filter(({ k, case: caseId }) => k === 'deny' && caseId === CASE);
    expect(refused.map(({ dec }) => dec)).toEqual([
      'deny:approvals-missing',
      'deny:approver-repeated',
      'deny:approvals-missing',
    ]);
  });

  it('gives the tenant the list of persons, until they say that they have it', async () => {
    const { disposals } = world.people.requester;
    const listed = async () => {
      const all = [];
      for await (const one of disposals.individualRefs(batch.disposalId)) all.push(one);
      return all;
    };
    expect(await listed()).toEqual(records);
    await disposals.individualRefsReceived(batch.disposalId);
    expect(await listed()).toEqual(records.map(({ recordId }) => ({ recordId })));
  });

  it('cannot be stopped, held or ordered any more', async () => {
    const { requester, holder } = world.people;
    expect(await codeOf(requester.disposals.stop(batch))).toMatch(/too-late|closed/);
    expect(await codeOf(holder.disposals.hold(batch))).toMatch(/too-late|closed/);
    expect((await requester.disposals.get(batch.disposalId)).state).toBe('certified');
    const jws = await requester.disposals.certificate(batch.disposalId);
    expect(createHash('sha256').update(jws).digest('base64url')).toBe(
      (await requester.disposals.get(batch.disposalId)).certificate?.hash,
    );
  });
});

describe('a disposal that is held or stopped', () => {
  it('needs new approvals after a hold', async () => {
    const { batch, records } = await world.approved(2);
    const { requester, approvers, holder } = world.people;
    expect(await holder.disposals.hold(batch)).toMatchObject({ held: true, approvals: 0 });
    expect(await codeOf(requester.disposals.order(batch))).toBe('approvals-missing');
    expect(await world.readingOf(records[0]!.recordId)).toBe('read');
    for (const { disposals } of approvers) await disposals.approve(batch);
    await requester.disposals.order(batch);
    expect((await world.whenState(batch, 'certified')).certificate?.number).toBe(2);
  });

  it('is not carried out on an order from before the hold, however often it is approved since', async () => {
    const { requester, approvers, holder } = world.people;
    const { batch, records } = await world.approved(2);
    await requester.disposals.order(batch);
    await holder.disposals.hold(batch);
    for (const { disposals } of approvers) await disposals.approve(batch);
    // Another one goes all its way meanwhile: the watch has been round many times.
    const other = await world.approved(1);
    await requester.disposals.order(other.batch);
    await world.whenState(other.batch, 'certified');
    const seen = await requester.disposals.get(batch.disposalId);
    expect(seen).toMatchObject({ state: 'requested', ordered: false, approvals: 2 });
    expect(await world.readingOf(records[0]!.recordId)).toBe('read');
  });

  it('leaves its records as they were when it is stopped', async () => {
    const { batch, records } = await world.approved(2);
    const { disposals } = world.people.requester;
    expect(await disposals.stop(batch)).toMatchObject({ state: 'stopped' });
    expect(await world.readingOf(records[0]!.recordId)).toBe('read');
    expect(await codeOf(disposals.order(batch))).toBe('disposal-closed');
    expect(await codeOf(disposals.certificate(batch.disposalId))).toBe('not-found');
  });
});

describe('a draft', () => {
  it('that was refused, or never asked for, can be stopped, and is then asked for no more', async () => {
    const { disposals } = world.people.requester;
    const { records } = await world.requested(1);
    const [refused, unasked] = [await world.draft(records), await world.draft(records)];
    expect(await codeOf(disposals.request(refused))).toBe('disposal-conflict');
    for (const one of [refused, unasked]) {
      expect(await disposals.get(one.disposalId)).toMatchObject({ state: 'draft' });
      const stop = async () => disposals.stop(await disposals.get(one.disposalId));
      expect(await stop()).toMatchObject({ state: 'stopped' });
      expect(await stop()).toMatchObject({ state: 'stopped' });
      const again = await disposals.request(one).catch((error: Error) => error.message);
      expect(again).toContain('The draft was stopped');
      expect(await disposals.get(one.disposalId)).toMatchObject({ state: 'stopped' });
    }
  });
});

describe('the list of persons of a disposal', () => {
  async function refusals(disposalId: string, token: string): Promise<string[]> {
    const path = `/v1/tenants/t-001/disposals/${disposalId}/individual-refs`;
    const codes: string[] = [];
    for (const sent of [{ path }, { path: `${path}/received`, method: 'POST' }])
      codes.push(world.codeOf(await world.send({ to: 'disposal', ...sent, token })));
    return codes;
  }

  it('stays here until the numbers are gone, and who asked for it too early is written down', async () => {
    const { batch } = await world.requested(1);
    const before = (await world.entriesOf('t-001')).length;
    const token = await world.tokenOf('requester-1');
    const closed = ['disposal-closed', 'disposal-closed'];
    expect(await refusals(batch.disposalId, token)).toEqual(closed);
    const entries = await world.entriesSince(before, 4);
    expect(entries.map(({ op, dec, case: about }) => [op, dec, about])).toEqual([
      ['export-individual-refs', 'allow', CASE],
      ['export-individual-refs', 'deny:disposal-closed', CASE],
      ['discard-individual-refs', 'allow', CASE],
      ['discard-individual-refs', 'deny:disposal-closed', CASE],
    ]);
  });

  it('tells another tenant nothing, not even in that tenant’s own log', async () => {
    const { batch } = await world.requested(1);
    const other = await world.tokenOf('operator-4', 't-002');
    const token = await world.reissued(other, { scope: 'disposal:request' });
    const before = (await world.entriesOf('t-002')).length;
    expect(await refusals(batch.disposalId, token)).toEqual(['not-found', 'not-found']);
    const refused = expect.objectContaining({ k: 'deny', dec: 'deny:not-found', case: '', cnt: 0 });
    expect(await world.entriesSince(before, 2, 't-002')).toEqual([refused, refused]);
  });

  it.each(['order', 'stop'])('is moved by no %s that its person did not sign', async (step) => {
    const { batch } = await world.approved(1);
    const before = (await world.entriesOf('t-001')).length;
    const got = await world.send({
      to: 'disposal',
      path: `/v1/tenants/t-001/disposals/${batch.disposalId}/${step}`,
      method: 'POST',
      token: await world.tokenOf('requester-1'),
    });
    expect([got.status, world.codeOf(got)]).toEqual([401, 'request-signature-invalid']);
    const [entry] = await world.entriesSince(before, 1);
    expect(entry).toMatchObject({ op: `${step}-disposal`, dec: 'deny:request-signature-invalid' });
    const { disposals } = world.people.requester;
    expect(await disposals.get(batch.disposalId)).toMatchObject({
      state: 'requested',
      ordered: false,
    });
  });
});
