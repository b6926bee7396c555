import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisposalBatch } from '@mnv/client';
import { signBatchRequest } from '@mnv/protocol';
import { makeIndividualNumber } from '@mnv/testing';
import type { Sent } from '../through-the-proxy/world.ts';
import { newRecord } from '../command-line/new-record.ts';
import { CASE, REASON, codeOf, startDisposalWorld } from './disposal-world.ts';
import type { DisposalWorld } from './disposal-world.ts';

const T = '/v1/tenants/t-001/disposals';
let world: DisposalWorld;
let token: string;
let batch: DisposalBatch;
let records: { recordId: string }[];
beforeAll(async () => {
  world = await startDisposalWorld();
  token = await world.tokenOf('requester-1');
  ({ batch, records } = await world.requested(3));
});
afterAll(() => world.stop());

const send = (sent: Sent) => world.send({ to: 'disposal', ...sent });
async function refusal(sent: Sent): Promise<[number, string]> {
  const got = await send(sent);
  return [got.status, world.codeOf(got)];
}

type Signing = Partial<Parameters<typeof signBatchRequest>[0]> & { by?: string };

/** An approval of the batch as its client signs it, or with something else in it. */
function signed({ by = 'payroll', ...changes }: Signing = {}): string {
  const key = createPrivateKey(readFileSync(world.filesOf(by).key));
  const iat = Math.floor(Date.now() / 1000);
  const { caseId, count, batchHash } = batch;
  const asked = { rid: randomUUID(), iat, tenant: 't-001', operation: 'approve-disposal' };
  return signBatchRequest(
    { ...asked, purpose: 'DISPOSAL', caseId, count, batchHash, ...changes },
    key,
  );
}

const approval = (as: string, jws: string | undefined, id = batch.disposalId): Sent => ({
  path: `${T}/${id}/approvals`,
  method: 'POST',
  token: as,
  headers: jws === undefined ? {} : { 'mynumber-request': jws },
});

const head = { caseId: CASE, reason: REASON };
const draft = (lines: (object | string)[], changes: Partial<Sent> = {}): Sent => ({
  path: T,
  token,
  body: lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''),
  ...changes,
  headers: {
    'content-type': 'application/x-ndjson',
    'idempotency-key': randomUUID(),
    ...changes.headers,
  },
});

describe('the disposal service', () => {
  type Document = {
    paths: Record<string, Record<string, { security?: object[]; requestBody?: object }>>;
  };

  it('describes every route it has, and asks for a token before anything else', async () => {
    const { paths } = (await send({ path: '/openapi.json' })).json as Document;
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security, requestBody }]) => ({
        path: path.replace('{tenantId}', 't-001').replace(/\{\w+\}/, randomUUID()),
        method: method.toUpperCase(),
        open: security !== undefined,
        ...(requestBody !== undefined && { body: '{' }),
      })),
    );
    expect(routes.length).toBeGreaterThan(14);
    for (const { open, ...sent } of routes) {
      const got = await send({ ...sent, as: 'service-vault' });
      if (open) expect([sent.path, got.status]).toEqual([sent.path, 200]);
      else
        expect([sent.path, got.status, world.codeOf(got)]).toEqual([
          sent.path,
          401,
          'token-required',
        ]);
    }
    const described = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    );
    expect(writtenRoutes().filter((route) => !described.has(route))).toEqual([]);
  });

  function writtenRoutes(): string[] {
    const source = fileURLToPath(
      new URL('../../../../services/disposal/src/disposals/', import.meta.url),
    );
    const written = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.routes.ts'))
      .flatMap((file) => [
        ...readFileSync(join(source, file), 'utf8').matchAll(/\.(get|post)\(\s*'(\/v1[^']*)'/g),
      ])
      .map(([, method = '', path = '']) =>
        [method.toUpperCase(), path.replaceAll(/:([a-zA-Z]+)/g, '{$1}')].join(' '),
      );
    expect(written.length).toBeGreaterThan(10);
    return written;
  }

  it('writes a wrong token down by its certificate, in the log of the operator company', async () => {
    const before = (await world.entriesOf('operator')).length;
    expect(await refusal({ path: T, token: 'none' })).toEqual([401, 'token-invalid']);
    const [entry] = await world.entriesSince(before, 1, 'operator');
    expect(entry).toMatchObject({ k: 'deny', op: 'authenticate', dec: 'deny:token-invalid' });
  });

  it('shows nothing of another tenant, and writes down who tried', async () => {
    const other = await world.reissued(await world.tokenOf('operator-4', 't-002'), {
      scope: 'disposal:request',
    });
    const before = (await world.entriesOf('t-002')).length;
    for (const path of [T, `${T}/${batch.disposalId}`, `${T}/${batch.disposalId}/records`])
      expect(await refusal({ path, token: other })).toEqual([404, 'not-found']);
    const own = `/v1/tenants/t-002/disposals/${batch.disposalId}`;
    expect(await refusal({ path: own, token: other })).toEqual([404, 'not-found']);
    const entries = await world.entriesSince(before, 4, 't-002');
    expect(entries.map(({ dec }) => dec)).toEqual([
      'deny:not-found',
      'deny:not-found',
      'deny:not-found',
      'allow',
    ]);
  });

  it('lets nobody in without the right, and no client without a person', async () => {
    const operator = await world.tokenOf('operator-1');
    const before = (await world.entriesOf('t-001')).length;
    expect(await refusal({ path: T, token: operator })).toEqual([403, 'scope-missing']);
    expect(await refusal(draft([head], { token: operator }))).toEqual([403, 'scope-missing']);
    const detail = 'The access token lacks the scope disposal:approve.';
    expect((await send(approval(token, signed()))).json).toMatchObject({ status: 403, detail });
    const clientItself = await world.reissued(await world.tokenOfClient(), {
      scope: 'disposal:request',
    });
    expect(await refusal({ path: T, token: clientItself })).toEqual([403, 'operator-required']);
    const entries = await world.entriesSince(before, 4);
    expect(entries.map(({ op, dec }) => `${op} ${dec}`)).toEqual([
      'list-disposals deny:scope-missing',
      'draft-disposal deny:scope-missing',
      'approve-disposal deny:scope-missing',
      'list-disposals deny:operator-required',
    ]);
  });
});

describe('a draft', () => {
  const line = () => ({ recordId: randomUUID() });

  it.each<[string, () => (object | string)[]]>([
    ['nothing', () => []],
    ['no record', () => [head]],
    ['no head', () => [line()]],
    ['no reason', () => [{ caseId: CASE, reason: ' ' }, line()]],
    ['a long reason', () => [{ caseId: CASE, reason: 'x'.repeat(501) }, line()]],
    ['a number as its reason', () => [{ caseId: CASE, reason: makeIndividualNumber() }, line()]],
    [
      'a number hidden in its reason',
      () => [
        { caseId: CASE, reason: `№ ${makeIndividualNumber().replace(/(\d{4})/g, '$1-')}` },
        line(),
      ],
    ],
    [
      'a case that could be a number',
      () => [{ caseId: `C-${makeIndividualNumber()}`, reason: 'x' }, line()],
    ],
    ['a member too many', () => [{ ...head, note: 'x' }, line()]],
    ['something else than an id', () => [head, { recordId: 'x' }]],
    ['another spelling of an id', () => [head, { recordId: randomUUID().toUpperCase() }]],
    ['a number as an id', () => [head, { recordId: makeIndividualNumber() }]],
    ['a number as a person', () => [head, { ...line(), individualRef: makeIndividualNumber() }]],
    ['the same record twice', () => [head, records[0]!, records[0]!]],
  ])('with %s is refused', async (_what, lines) => {
    expect(await refusal(draft(lines()))).toEqual([400, 'invalid-request']);
  });

  it('is refused in any other form, and when it is too large', async () => {
    const json = { 'content-type': 'application/json' };
    expect(await refusal(draft([head, line()], { headers: json }))).toEqual([
      415,
      'media-type-unsupported',
    ]);
    expect(await refusal(draft(['{']))).toEqual([400, 'malformed-json']);
    expect(await refusal(draft([head, `{"recordId":"${'x'.repeat(5_000)}"}`]))).toEqual([
      413,
      'body-too-large',
    ]);
    const many = Array.from({ length: 50_001 }, () => line());
    expect(await refusal(draft([head, ...many]))).toEqual([400, 'invalid-request']);
    for (const key of ['', 'short', makeIndividualNumber()])
      expect(await refusal(draft([head, line()], { headers: { 'idempotency-key': key } }))).toEqual(
        [400, 'invalid-request'],
      );
  });

  it('is made once under one key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const lines = [head, line(), line()];
    const first = await send(draft(lines, { headers }));
    expect(first.status).toBe(201);
    expect((await send(draft(lines, { headers }))).json).toEqual(first.json);
    expect(await refusal(draft([...lines, line()], { headers }))).toEqual([
      422,
      'idempotency-mismatch',
    ]);
  });

  it('comes to nothing when its records are not the tenant’s, are gone, or are taken', async () => {
    const { requester } = world.people;
    const request = async (ids: { recordId: string }[]) =>
      codeOf(requester.disposals.request(await world.draft(ids)));
    const others = await world.as('operator-4', 't-002').storeRecord(newRecord('other'));
    expect(await request([line()])).toBe('record-not-found');
    expect(await request([records[0]!, others])).toBe('record-not-found');
    expect(await request([records[0]!])).toBe('disposal-conflict');
  });
});

describe('an approval', () => {
  let approver: string;
  beforeAll(async () => {
    approver = await world.tokenOf('approver-1');
  });

  it.each<[string, () => string | undefined]>([
    ['without a signature', () => undefined],
    ['of another operation', () => signed({ operation: 'request-disposal' })],
    ['of another batch', () => signed({ batchHash: 'A'.repeat(43) })],
    ['of another count', () => signed({ count: 4 })],
    ['under another case', () => signed({ caseId: 'LEAVERS-2026-11' })],
    ['for another purpose', () => signed({ purpose: 'TAX-WITHHOLD' })],
    ['of another tenant', () => signed({ tenant: 't-002' })],
    ['signed by another client', () => signed({ by: 'administration' })],
    ['signed too long ago', () => signed({ iat: Math.floor(Date.now() / 1000) - 120 })],
    ['with a signature that was altered', () => `${signed()}A`],
  ])('%s is refused and counts for nothing', async (_what, made) => {
    const before = (await world.entriesOf('t-001')).length;
    expect(await refusal(approval(approver, made()))).toEqual([401, 'request-signature-invalid']);
    const [entry] = await world.entriesSince(before, 1);
    expect(entry).toMatchObject({
      k: 'deny',
      op: 'approve-disposal',
      dec: 'deny:request-signature-invalid',
      sub: world.subjectOf('approver-1'),
    });
    const { approvals } = await world.people.requester.disposals.get(batch.disposalId);
    expect(approvals).toBe(0);
  });

  it('needs a sign-in of the last fifteen minutes', async () => {
    const old = { auth_time: Math.floor(Date.now() / 1000) - 16 * 60 };
    for (const claims of [old, { auth_time: undefined }])
      expect(await refusal(approval(await world.reissued(approver, claims), signed()))).toEqual([
        401,
        'sign-in-stale',
      ]);
  });

  it('is not for who asked, even with the right to approve', async () => {
    const both = await world.reissued(token, { scope: 'disposal:request disposal:approve' });
    expect(await refusal(approval(both, signed()))).toEqual([409, 'approver-repeated']);
  });

  it('counts once, however often it is sent', async () => {
    const jws = signed();
    expect((await send(approval(approver, jws))).status).toBe(200);
    // The very same request again: its answer may have been lost.
    expect((await send(approval(approver, jws))).json).toMatchObject({ approvals: 1 });
    const other = await world.tokenOf('approver-2');
    expect(await refusal(approval(other, jws))).toEqual([409, 'request-replayed']);
    expect(await refusal(approval(approver, signed()))).toEqual([409, 'approver-repeated']);
    const again = await world.tokenOf('approver-1');
    expect(await refusal(approval(again, signed()))).toEqual([409, 'approver-repeated']);
    const { approvals } = await world.people.requester.disposals.get(batch.disposalId);
    expect(approvals).toBe(1);
  });

  it('of a disposal that is not there is refused', async () => {
    expect(await refusal(approval(approver, signed(), randomUUID()))).toEqual([404, 'not-found']);
    expect(await refusal(approval(approver, signed(), 'x'))).toEqual([404, 'not-found']);
    expect(await refusal({ path: `${T}?before=x`, token })).toEqual([400, 'invalid-request']);
  });
});
