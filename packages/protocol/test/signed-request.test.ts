import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CompactSign, compactVerify } from 'jose';
import { Refusal } from '@mnv/core';
import { readSignedRequest, recordsDigest, requireRequest, signRequest } from '../src/index.ts';

const client = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const recordIds = [randomUUID(), randomUUID()];
const iat = 1_900_000_000;
const asked = {
  rid: randomUUID(),
  iat,
  tenant: 't-001',
  operation: 'disclose',
  purpose: 'TAX-WITHHOLD',
  caseId: 'PAYROLL-12',
  recordIds,
};
const expected = { tenant: 't-001', operation: 'disclose', recordIds, now: iat * 1000 };
const payload = {
  v: 1,
  rid: asked.rid,
  iat,
  ten: 't-001',
  op: 'disclose',
  pur: 'TAX-WITHHOLD',
  case: 'PAYROLL-12',
  n: 2,
  ids: recordsDigest(recordIds),
};
const typ = 'mnv-request+jws';

async function signedByJose(
  body: unknown,
  header: object = { alg: 'ES256', typ },
): Promise<string> {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return new CompactSign(bytes)
    .setProtectedHeader(header as { alg: string })
    .sign(client.privateKey);
}

describe('a signed request', () => {
  it('is a JWS that any library verifies', async () => {
    const jws = signRequest(asked, client.privateKey);
    const { protectedHeader, payload: bytes } = await compactVerify(jws, client.publicKey);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ });
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual(payload);
  });

  it('is read when another library signed it, with its members in any order', async () => {
    const reversed = Object.fromEntries(Object.entries(payload).reverse());
    const jws = await signedByJose(reversed, { typ, alg: 'ES256' });
    expect(await readSignedRequest(jws, client.publicKey)).toMatchObject({
      rid: asked.rid,
      count: 2,
    });
  });

  it('may be signed with PS256 by an RSA key', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jws = signRequest(asked, rsa.privateKey);
    expect(await readSignedRequest(jws, rsa.publicKey)).toMatchObject({ rid: asked.rid });
  });

  it('covers its record ids in their order', async () => {
    const request = await readSignedRequest(
      signRequest(asked, client.privateKey),
      client.publicKey,
    );
    expect(() => requireRequest(request, expected)).not.toThrow();
    const reordered = { ...expected, recordIds: recordIds.toReversed() };
    expect(() => requireRequest(request, reordered)).toThrow(Refusal);
  });

  it.each([
    ['another record', { recordIds: [recordIds[0] ?? '', randomUUID()] }],
    ['one record more', { recordIds: [...recordIds, randomUUID()] }],
    ['another tenant', { tenant: 't-002' }],
    ['another operation', { operation: 'find' }],
    ['a clock 61 seconds ahead', { now: (iat + 61) * 1000 }],
    ['a clock 61 seconds behind', { now: (iat - 61) * 1000 }],
  ])('does not stand for %s', async (_what, change) => {
    const request = await readSignedRequest(
      signRequest(asked, client.privateKey),
      client.publicKey,
    );
    expect(() => requireRequest(request, { ...expected, ...change })).toThrow(Refusal);
  });

  it('is refused when another key signed it', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await expectRefused(signRequest(asked, other.privateKey));
  });

  it('is refused after any change of one of its characters', async () => {
    const jws = signRequest(asked, client.privateKey);
    for (let at = 0; at < jws.length; at += 7) {
      const flipped = jws[at] === 'A' ? 'B' : 'A';
      await expectRefused(`${jws.slice(0, at)}${flipped}${jws.slice(at + 1)}`);
    }
  });

  it.each([
    ['a further member', { ...payload, extra: 1 }],
    ['a missing member', { ...payload, case: undefined }],
    ['a purpose in lower case', { ...payload, pur: 'tax' }],
    ['a purpose that hides twelve digits', { ...payload, pur: '1'.repeat(12) }],
    ['a purpose that hides them in groups', { ...payload, pur: `T-${'1234-'.repeat(3)}X` }],
    ['a case that hides twelve digits', { ...payload, case: `C-${'1'.repeat(12)}` }],
    ['an upper-case request id', { ...payload, rid: asked.rid.toUpperCase() }],
    ['no record', { ...payload, n: 0 }],
    ['another version', { ...payload, v: 2 }],
    ['half a record', { ...payload, n: 1.5 }],
    ['a count in words', { ...payload, n: '2' }],
    ['a fraction of a second', { ...payload, iat: payload.iat + 0.5 }],
    ['no tenant id', { ...payload, ten: 'T 1' }],
    ['an operation in upper case', { ...payload, op: 'DISCLOSE' }],
    ['a digest cut short', { ...payload, ids: payload.ids.slice(1) }],
  ])('is refused with %s', async (_what, body) => {
    await expectRefused(await signedByJose(body));
  });

  it('is refused with a member twice', async () => {
    await expectRefused(await signedByJose(JSON.stringify(payload).replace('{', '{"n":1,')));
  });

  it.each([
    ['another type', { alg: 'ES256', typ: 'JWT' }],
    ['a key in its header', { alg: 'ES256', typ, kid: 'k' }],
    ['no type', { alg: 'ES256' }],
  ])('is refused with %s', async (_what, header) => {
    await expectRefused(await signedByJose(payload, header));
  });

  it('is refused when the header names no signature', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ })).toString('base64url');
    const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
    await expectRefused(`${header}.${body}.`);
    await expectRefused(`${header}.${body}.${signText(`${header}.${body}`, client.privateKey)}`);
  });
});

function signText(text: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
}

async function expectRefused(jws: string): Promise<void> {
  await expect(readSignedRequest(jws, client.publicKey)).rejects.toThrow(Refusal);
}
