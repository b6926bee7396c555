import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { DocumentMetadata } from '@mnv/core';
import { MAX_DOCUMENT_BYTES } from '@mnv/core';
import { problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { add, ask, dayFromNow, disclose, kept, pretendedJpeg } from './world/identity-documents.ts';
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
  (await storeNumbers(vault, tenant, 1, changes))[0] as Stored;
const refusal = async (changes: object, content?: Buffer) => {
  const { recordId } = await stored();
  return problemOf(await add(vault, tenant, { recordId, changes, ...(content && { content }) }));
};
const listed = async (recordId: string) => {
  const { body } = await ask(vault, tenant, { path: 'list', recordId });
  return (body as { documents: DocumentMetadata[] }).documents;
};

describe('a copy of an identity document', () => {
  it('is kept sealed with its record, and told of without its content', async () => {
    const { recordId } = await stored();
    const content = pretendedJpeg();
    const verifiedOn = dayFromNow(-3);
    const copy = await kept(vault, tenant, { recordId, content, changes: { verifiedOn } });
    expect(copy).toEqual({
      documentId: expect.any(String),
      recordId,
      check: 'I2',
      mediaType: 'image/jpeg',
      bytes: content.length,
      storedAt: expect.any(String),
      verifiedOn,
      keptUntil: dayFromNow(27),
    });
    expect(await listed(recordId)).toEqual([copy]);
    const [row] = await asAdministrator<{ sealed: Buffer }>(
      world.database,
      'select sealed from vault.identity_document where document_id = $1',
      [copy.documentId],
    );
    expect(row?.sealed.includes(content.subarray(100, 132))).toBe(false);
  });

  it('is counted from the day it is stored when nobody says when the individual was verified', async () => {
    const { recordId } = await stored();
    const { keptUntil, verifiedOn } = await kept(vault, tenant, { recordId });
    expect([keptUntil, verifiedOn]).toEqual([dayFromNow(30), undefined]);
  });

  it.each([
    ['image/jpeg', pretendedJpeg()],
    ['image/png', Buffer.from('89504e470d0a1a0a00', 'hex')],
    ['application/pdf', Buffer.from('%PDF-1.7 and no more')],
  ])('is what its first bytes say: %s', async (mediaType, content) => {
    const { recordId } = await stored();
    expect(await kept(vault, tenant, { recordId, content })).toMatchObject({ mediaType });
  });

  it('may have five MiB, and not a byte more', async () => {
    const { recordId } = await stored();
    const largest = pretendedJpeg(MAX_DOCUMENT_BYTES);
    const { documentId } = await kept(vault, tenant, { recordId, content: largest });
    const back = await disclose(vault, tenant, [recordId, documentId]);
    expect(Buffer.isBuffer(back) && back.equals(largest)).toBe(true);
    expect(await refusal({}, pretendedJpeg(MAX_DOCUMENT_BYTES + 1))).toBe('413 body-too-large');
  });

  it.each<[string, string, object, Buffer | undefined]>([
    ['a page of HTML', '415 media-type-unsupported', {}, Buffer.from('<html><script>')],
    ['a GIF', '415 media-type-unsupported', {}, Buffer.from('GIF89a')],
    ['nothing', '400 invalid-request', { content: '' }, undefined],
    ['no base64', '400 invalid-request', { content: 'ÿØÿ' }, undefined],
    ['base64 without its padding', '400 invalid-request', { content: '/9j/4A' }, undefined],
    ['another member', '400 invalid-request', { note: 'x' }, undefined],
    ['an unknown check', '400 invalid-request', { check: 'I9' }, undefined],
    ['a day to come', '400 invalid-request', { verifiedOn: dayFromNow(2) }, undefined],
    ['no day of the calendar', '400 invalid-request', { verifiedOn: '2026-02-30' }, undefined],
    [
      'a day whose thirty are over',
      '400 invalid-request',
      { verifiedOn: dayFromNow(-33) },
      undefined,
    ],
  ])('is refused: %s', async (_what, problem, changes, content) => {
    expect(await refusal(changes, content)).toBe(problem);
  });

  it('is refused with the member to mend, and without a byte of it', async () => {
    const { recordId } = await stored();
    const content = Buffer.from('<html>not a picture at all');
    const { body } = await add(vault, tenant, { recordId, content });
    expect(JSON.stringify(body)).toContain('Mend: content');
    expect(JSON.stringify(body)).not.toContain(content.toString('base64').slice(0, 8));
    expect(vault.logged()).not.toContain(content.toString('base64').slice(0, 8));
  });

  it('is one of four at most, also when eight come at once', async () => {
    const { recordId } = await stored();
    // A machine too busy for the deadline is asked again under the same key, as clients do.
    const asked = async () => {
      const again = { recordId, content: pretendedJpeg(), key: randomUUID() };
      for (;;) {
        const answer = await add(vault, tenant, again);
        if (answer.status !== 503) return answer.status;
      }
    };
    const statuses = await Promise.all(Array.from({ length: 8 }, asked));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 201, 201, 201, 409, 409, 409, 409]);
    expect(await listed(recordId)).toHaveLength(4);
  });

  it('is kept once under one key; another copy under it is refused', async () => {
    const { recordId } = await stored();
    const [content, key] = [pretendedJpeg(), randomUUID()];
    const first = await add(vault, tenant, { recordId, content, key });
    const again = await add(vault, tenant, { recordId, content, key });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(problemOf(await add(vault, tenant, { recordId, key }))).toBe('422 idempotency-mismatch');
    const changes = { check: 'I1' };
    expect(problemOf(await add(vault, tenant, { recordId, content, key, changes }))).toBe(
      '422 idempotency-mismatch',
    );
    expect(await listed(recordId)).toHaveLength(1);
  });

  it('is refused of a record that is unknown, of another tenant, or disposed of, and without the right', async () => {
    const other = await world.createTenant(vault, 't-002');
    const { recordId } = await stored();
    expect(problemOf(await add(vault, tenant, { recordId: randomUUID() }))).toBe(
      '404 record-not-found',
    );
    expect(problemOf(await add(vault, other, { recordId }))).toBe('404 record-not-found');
    expect(problemOf(await add(vault, tenant, { recordId, scope: 'number:read' }))).toBe(
      '403 scope-missing',
    );
    await asAdministrator(
      world.database,
      'update vault.number_record set frozen_at = now() where record_id = $1',
      [recordId],
    );
    expect(problemOf(await add(vault, tenant, { recordId }))).toBe('410 already-disposed');
  });

  it('is refused where the employee verifies, as for dependants on the declaration of tax', async () => {
    const { recordId } = await stored({ subject: 'D', purposes: ['TAX-DECL-DEP'] });
    expect(problemOf(await add(vault, tenant, { recordId }))).toBe('403 purpose-not-permitted');
    const spouse = await stored({ subject: 'S3', purposes: ['SI-NP3'] });
    expect((await add(vault, tenant, spouse)).status).toBe(201);
  });
});

describe('disclosing a copy', () => {
  it('gives back what was kept, against the proof of an entry for the record and one for the copy', async () => {
    const { recordId } = await stored();
    const content = pretendedJpeg();
    const { documentId } = await kept(vault, tenant, { recordId, content });
    expect(await disclose(vault, tenant, [recordId, documentId])).toEqual(content);
  });

  it('needs the signature over this very copy: a proxy that logs or names another gets nothing', async () => {
    const { recordId } = await stored();
    const [one, other] = [
      await kept(vault, tenant, { recordId }),
      await kept(vault, tenant, { recordId }),
    ];
    const ids = [recordId, one.documentId];
    const outcomes = [
      await disclose(vault, tenant, ids, { loggedIds: [recordId, other.documentId] }),
      await disclose(vault, tenant, ids, { entry: { op: 'disclose' } }),
      await disclose(vault, tenant, ids, { signed: { operation: 'disclose' } }),
      await disclose(vault, tenant, ids, { path: '/internal/disclosures' }),
      await disclose(vault, tenant, [recordId], {}),
      await disclose(vault, tenant, [one.documentId, recordId], {}),
    ];
    expect(outcomes).toEqual([
      'request-signature-invalid',
      'not-permitted',
      'request-signature-invalid',
      'request-signature-invalid',
      'invalid-request',
      'record-not-found',
    ]);
  });

  it('is no way to a number, nor the way to a number one to a copy', async () => {
    const { recordId } = await stored();
    const path = '/internal/identity-documents/disclosures';
    const asNumber = { signed: { operation: 'disclose' }, entry: { op: 'disclose' }, path };
    expect(await disclose(vault, tenant, [recordId], asNumber)).toBe('request-signature-invalid');
  });

  it('is refused for another record, another tenant and another purpose', async () => {
    const other = await world.createTenant(vault, 't-003');
    const [one, two] = [await stored(), await stored()];
    const { documentId } = await kept(vault, tenant, one);
    const ask = (ids: string[], changes: object = {}) => disclose(vault, tenant, ids, changes);
    expect(await ask([two.recordId, documentId])).toBe('document-not-found');
    expect(await ask([one.recordId, randomUUID()])).toBe('document-not-found');
    expect(await disclose(vault, other, [one.recordId, documentId])).toBe('record-not-found');
    const purpose = { signed: { purpose: 'SI-HP' } };
    expect(await ask([one.recordId, documentId], purpose)).toBe('purpose-not-permitted');
  });

  it('tells bytes that were changed in the database from those that were sealed', async () => {
    const { recordId } = await stored();
    const { documentId } = await kept(vault, tenant, { recordId });
    await asAdministrator(
      world.database,
      `update vault.identity_document set sealed = set_byte(sealed, 200, get_byte(sealed, 200) # 1)
        where document_id = $1`,
      [documentId],
    );
    expect(await disclose(vault, tenant, [recordId, documentId])).toBe('record-damaged');
  });

  it('does not take one copy of a record for another, whatever the rows say', async () => {
    const { recordId } = await stored();
    const [one, other] = [
      await kept(vault, tenant, { recordId }),
      await kept(vault, tenant, { recordId }),
    ];
    await asAdministrator(
      world.database,
      `update vault.identity_document d set sealed = o.sealed from vault.identity_document o
        where d.document_id = $1 and o.document_id = $2`,
      [one.documentId, other.documentId],
    );
    expect(await disclose(vault, tenant, [recordId, one.documentId])).toBe('record-damaged');
  });
});
