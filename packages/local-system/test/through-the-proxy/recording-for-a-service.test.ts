import { X509Certificate, createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeIndividualNumber } from '@mnv/testing';
import type { World } from './world.ts';
import { startWorld } from './world.ts';

const PATH = '/internal/entries';
const CASE = 'DISPOSAL-2026-12';
const RECORDS = [randomUUID(), randomUUID()];
let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  token = await world.tokenOf('requester-1');
});
afterAll(() => world.stop());

const certificateOf = (party: string) =>
  new X509Certificate(readFileSync(world.filesOf(party).certificate)).raw.toString('base64');

/** A view, as the disposal service asks to have it recorded. */
const view = (changes: object = {}) => ({
  token,
  certificate: certificateOf('payroll'),
  rid: randomUUID(),
  op: 'view-disposal',
  dec: 'allow',
  cnt: 1,
  ...changes,
});

/** The token, as if it had been given out earlier and had expired so many seconds ago. */
function expired(secondsAgo: number): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) - secondsAgo;
  return world.reissued(token, { iat: exp - 200, exp });
}

type Signing = Parameters<World['signed']>[1];

/** A request for disposal with its signed request; `signing` changes what is signed, `changes` what is said. */
function request(changes: object = {}, signing: Signing = {}) {
  const rid = randomUUID();
  const signed = { rid, operation: 'request-disposal', purpose: 'DISPOSAL', caseId: CASE };
  return view({
    rid,
    op: 'request-disposal',
    pur: 'DISPOSAL',
    case: CASE,
    cnt: RECORDS.length,
    request: world.signed(RECORDS, { ...signed, ...signing }),
    ...changes,
  });
}

const record = (entries: object[], { as = 'service-disposal', tenantId = 't-001' } = {}) =>
  world.send({ path: PATH, as, body: { tenantId, entries } });

async function refusal(entries: object[], who: Parameters<typeof record>[1] = {}) {
  const before = (await world.entriesOf('t-001')).length;
  const got = await record(entries, who);
  expect((await world.entriesOf('t-001')).length).toBe(before);
  return [got.status, world.codeOf(got)];
}

describe('a service that records what a person does through it', () => {
  it('gets the entry named after the person, the client and the token', async () => {
    const before = (await world.entriesOf('t-001')).length;
    const act = view({ case: CASE, rec: RECORDS[0] });
    const got = await record([act]);

    expect([got.status, got.json]).toEqual([201, { first: before, n: 1 }]);
    const [entry] = await world.entriesSince(before, 1);
    expect(entry).toMatchObject({
      k: 'act',
      rid: act.rid,
      ten: 't-001',
      op: 'view-disposal',
      sub: world.subjectOf('requester-1'),
      act: 'payroll',
      tok: createHash('sha256').update(token).digest('base64url'),
      rqh: '',
      case: CASE,
      rec: RECORDS[0],
      dec: 'allow',
      cnt: 1,
    });
  });

  it('binds a signed operation to its request', async () => {
    const before = (await world.entriesOf('t-001')).length;
    const act = request();
    expect((await record([act])).status).toBe(201);
    const [entry] = await world.entriesSince(before, 1);
    const rqh = createHash('sha256')
      .update(act['request' as keyof object])
      .digest('base64url');
    expect(entry).toMatchObject({ op: 'request-disposal', rqh, pur: 'DISPOSAL', cnt: 2 });
  });

  it('writes a refusal down without asking for the right that is missing', async () => {
    const before = (await world.entriesOf('t-001')).length;
    expect(
      (await record([view({ op: 'approve-disposal', dec: 'deny:scope-missing' })])).status,
    ).toBe(201);
    const [entry] = await world.entriesSince(before, 1);
    expect(entry).toMatchObject({ k: 'deny', op: 'approve-disposal', dec: 'deny:scope-missing' });
  });

  it('writes down a refusal that took longer than its request is fresh, under that request', async () => {
    const before = (await world.entriesOf('t-001')).length;
    const iat = Math.floor(Date.now() / 1000) - 90;
    const refused = request({ dec: 'deny:disposal-conflict' }, { iat });
    expect((await record([refused])).status).toBe(201);
    const [entry] = await world.entriesSince(before, 1);
    const rqh = createHash('sha256')
      .update(refused['request' as keyof object])
      .digest('base64url');
    expect(entry).toMatchObject({
      k: 'deny',
      dec: 'deny:disposal-conflict',
      rid: refused.rid,
      rqh,
    });
  });

  it('writes down a refusal whose token expired since the act was allowed', async () => {
    const before = (await world.entriesOf('t-001')).length;
    const refused = request({ dec: 'deny:disposal-conflict', token: await expired(20) });
    expect((await record([refused])).status).toBe(201);
    const [entry] = await world.entriesSince(before, 1);
    const sub = world.subjectOf('requester-1');
    expect(entry).toMatchObject({ k: 'deny', rid: refused.rid, sub });
    const longAgo = { ...refused, token: await expired(90) };
    expect(await refusal([longAgo])).toEqual([401, 'token-invalid']);
  });

  it.each(['order-disposal', 'stop-disposal', 'change-hold'])(
    'cannot have %s written as allowed without a signed request of it',
    async (op) => {
      const holder = await world.tokenOf('compliance-officer-1');
      const who = op === 'change-hold' ? { token: holder } : {};
      expect(await refusal([view({ ...who, op })])).toEqual([401, 'request-signature-invalid']);
      expect(await refusal([request({ ...who, op })])).toEqual([401, 'request-signature-invalid']);
      const signed = request({ ...who, op }, { operation: op });
      expect((await record([signed])).status).toBe(201);
    },
  );

  it('has several acts written together, or none of them', async () => {
    const before = (await world.entriesOf('t-001')).length;
    expect((await record([view(), view()])).json).toEqual({ first: before, n: 2 });
    expect(await refusal([view(), view({ token: 'none' })])).toEqual([401, 'token-invalid']);
  });
});

describe('a hostile service', () => {
  it('leaves a trace of its own certificate when its evidence does not hold', async () => {
    const before = (await world.entriesOf('operator')).length;
    await refusal([view({ token: 'none' })]);
    const own = new X509Certificate(readFileSync(world.filesOf('service-disposal').certificate));
    const x5t = createHash('sha256').update(own.raw).digest('base64url');
    // The first of its attempts here: after sixty in a minute only their number is noted.
    const trace = { k: 'deny', op: 'authenticate', dec: 'deny:token-invalid', x5t, sub: '' };
    expect(await world.entriesSince(before, 1, 'operator')).toEqual([
      expect.objectContaining(trace),
    ]);
  });

  it.each(['payroll', 'service-vault', 'service-access-proxy'])(
    'is not heard when it is %s',
    async (as) => {
      expect(await refusal([view()], { as })).toEqual([403, 'not-permitted']);
    },
  );

  it('cannot write for a person whose token is of another tenant', async () => {
    expect(await refusal([view()], { tenantId: 't-002' })).toEqual([404, 'not-found']);
    const other = await world.tokenOf('operator-4', 't-002');
    expect(await refusal([view({ token: other })])).toEqual([404, 'not-found']);
  });

  it('cannot show a token over a certificate it is not bound to', async () => {
    const certificate = certificateOf('service-disposal');
    expect(await refusal([view({ certificate })])).toEqual([401, 'token-invalid']);
  });

  it.each<[string, () => Promise<string>]>([
    ['not bound', () => world.reissued(token, { cnf: undefined })],
    ['expired', () => expired(20)],
    ['of another audience', () => world.reissued(token, { aud: 'another' })],
    ['altered', () => Promise.resolve(`${token.slice(0, -4)}AAAA`)],
  ])('cannot write with a token that is %s', async (_what, made) => {
    expect(await refusal([view({ token: await made() })])).toEqual([401, 'token-invalid']);
  });

  it('cannot have a client act as if it were a person', async () => {
    expect(await refusal([view({ token: await world.tokenOfClient() })])).toEqual([
      403,
      'operator-required',
    ]);
  });

  it('cannot have an act allowed that the token gives no right to', async () => {
    const operator = await world.tokenOf('operator-1');
    expect(await refusal([view({ token: operator })])).toEqual([403, 'scope-missing']);
    expect(await refusal([request({ token: operator })])).toEqual([403, 'scope-missing']);
  });

  it.each<[string, () => object]>([
    ['without its request', () => request({ request: undefined })],
    ['with the request of another operation', () => request({}, { operation: 'approve-disposal' })],
    ['with the request for a disclosure', () => request({}, { operation: 'disclose' })],
    ['with the request of another tenant', () => request({}, { tenant: 't-002' })],
    ['with a request for another case', () => request({}, { caseId: 'DISPOSAL-2026-13' })],
    ['with a request for another purpose', () => request({}, { purpose: 'TAX-WITHHOLD' })],
    ['with another request id', () => request({ rid: randomUUID() })],
    ['with another count', () => request({ cnt: 3 })],
    ['with a stale request', () => request({}, { iat: Math.floor(Date.now() / 1000) - 90 })],
    [
      'with a request from the future',
      () => request({}, { iat: Math.floor(Date.now() / 1000) + 90 }),
    ],
    ['with an altered request', () => ({ ...request(), request: `${world.signed(RECORDS)}A` })],
    ['with a request where none is due', () => ({ ...request(), op: 'view-disposal' })],
  ])('cannot write a signed operation %s', async (_what, made) => {
    expect(await refusal([made()])).toEqual([401, 'request-signature-invalid']);
  });

  it('cannot write what is not on the list, or a text of its own', async () => {
    const number = makeIndividualNumber();
    for (const changes of [
      { op: 'disclose' },
      { op: 'authenticate' },
      { op: number },
      { dec: 'delivered' },
      { dec: 'deny:because' },
      { dec: `deny:${number}` },
      { pur: 'TAX-WITHHOLD' },
      { pur: number },
      { case: `C-${number}` },
      { case: 'some words' },
      { rec: 'some words' },
      { rid: number },
      { cnt: -1 },
      { cnt: 1_000_001 },
      { cnt: 1.5 },
      { note: 'some words' },
      { sub: world.subjectOf('approver-1') },
    ]) {
      expect([changes, ...(await refusal([view(changes)]))]).toEqual([
        changes,
        400,
        'invalid-request',
      ]);
    }
  });

  it('cannot send nothing, too much at once, or something else than JSON', async () => {
    expect(await refusal([])).toEqual([400, 'invalid-request']);
    const many = Array.from({ length: 17 }, () => view());
    expect(await refusal(many)).toEqual([400, 'invalid-request']);
    const long = [view({ token: 'x'.repeat(300_000) })];
    expect(await refusal(long)).toEqual([413, 'body-too-large']);
    const sent = { path: PATH, as: 'service-disposal', headers: { 'content-type': 'text/plain' } };
    expect((await world.send({ ...sent, body: Buffer.from('{}') })).status).toBe(415);
    expect((await world.send({ path: PATH, as: 'service-disposal' })).status).toBe(401);
  });

  it('cannot flood a log in the name of one person', async () => {
    const fresh = await world.tokenOf('requester-1');
    const before = (await world.entriesOf('t-001')).length;
    const sixteen = () => Array.from({ length: 16 }, () => view({ token: fresh }));
    const answers = [(await record(sixteen())).status];
    while (answers.at(-1) === 201 && answers.length < 300)
      answers.push((await record(sixteen())).status);
    expect(answers.at(-1)).toBe(429);
    const written = (await world.entriesOf('t-001')).length - before;
    expect(written).toBe((answers.length - 1) * 16);
    expect((await record([view()])).status).toBe(201);
  });

  it('cannot flood the log of the operator company with attempts', async () => {
    const x5t = () => createHash('sha256').update(randomUUID()).digest('base64url');
    const note = (body: object) =>
      world.send({ path: '/internal/failed-attempts', as: 'service-disposal', body });
    expect((await note({ x5t: x5t(), code: 'token-invalid' })).status).toBe(201);
    expect((await note({ x5t: x5t(), code: 'because' })).status).toBe(400);
    expect((await note({ x5t: 'x', code: 'token-invalid' })).status).toBe(400);
    const answers: number[] = [];
    while (answers.at(-1) !== 429 && answers.length < 3_000)
      answers.push((await note({ x5t: x5t(), code: 'token-invalid' })).status);
    expect(answers.at(-1)).toBe(429);
  });
});
