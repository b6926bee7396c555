import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newRecord } from '../command-line/new-record.ts';
import type { World } from './world.ts';
import { PAYROLL, startWorld } from './world.ts';

const T = '/v1/tenants/t-001';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const records = Array.from({ length: 520 }, (_, at) => newRecord(`E-${at}`));
let world: World;
let token: string;
let recordIds: string[];

beforeAll(async () => {
  world = await startWorld();
  token = await world.tokenOf('operator-1');
  recordIds = [];
  for await (const stored of world.as('operator-1').storeRecords(records)) {
    if (!('recordId' in stored)) throw new Error(stored.problem.type);
    recordIds.push(stored.recordId);
  }
});
afterAll(() => world.stop());

type Line = Record<string, unknown> & { problem?: { type: string } };
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
const codesOf = (lines: Line[]) =>
  lines.map(({ problem }) => problem?.type.replace('urn:mynumber-vault:problem:', '') ?? 'ok');
const newKey = () => randomUUID().replaceAll(/[0-9]/g, 'x');
const chunk = (ids: string[], jws = world.signed(ids)) =>
  JSON.stringify({ request: jws, recordIds: ids });
const discloseBatch = (lines: string[]) =>
  world.send({
    path: `${T}/disclosures/batch`,
    token,
    headers: NDJSON,
    body: `${lines.join('\n')}\n`,
  });
const storeBatch = (lines: string[], key = newKey()) =>
  world.send({
    path: `${T}/records/batch`,
    token,
    headers: { ...NDJSON, 'idempotency-key': key },
    body: lines.join('\n'),
  });

describe('storing a stream', () => {
  it('answers line by line, in order, and a bad line spoils no other', async () => {
    const sound = Array.from({ length: 4 }, (_, at) => JSON.stringify(newRecord(`S-${at}`)));
    const { status, text } = await storeBatch([
      sound[0]!,
      '{"individualRef":',
      sound[1]!,
      '[]',
      sound[2]!.replace('{', '{"subject":"E",'),
      JSON.stringify({ ...newRecord('S-9'), individualNumber: '1'.repeat(12) }),
      sound[3]!,
    ]);
    const lines = linesOf(text);
    expect(status).toBe(200);
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(codesOf(lines)).toEqual([
      'ok',
      'malformed-json',
      'ok',
      'invalid-request',
      'malformed-json',
      'individual-number-invalid',
      'ok',
    ]);
  });

  it('stores nothing twice when it is sent again, also after its answer was lost', async () => {
    const lines = Array.from({ length: 300 }, (_, at) => JSON.stringify(newRecord(`I-${at}`)));
    const key = newKey();
    const lost = world.open({
      path: `${T}/records/batch`,
      token,
      headers: { ...NDJSON, 'idempotency-key': key },
      body: '',
    });
    lost.outgoing.on('error', () => undefined).end(lines.join('\n'));
    await new Promise((resolve) => lost.outgoing.on('response', resolve));
    lost.outgoing.destroy();
    const again = linesOf((await storeBatch(lines, key)).text);
    const third = linesOf((await storeBatch(lines, key)).text);
    expect(codesOf(again)).toEqual(lines.map(() => 'ok'));
    expect(third).toEqual(again);
    const changed = linesOf((await storeBatch([JSON.stringify(newRecord('I-0'))], key)).text);
    expect(codesOf(changed)).toEqual(['idempotency-mismatch']);
  });

  it('stores one record once, however often and however much at once it is sent', async () => {
    const body = JSON.stringify(newRecord('once'));
    // Any UUID will do as a key: one in 280 ends in twelve digits.
    const key = `${randomUUID().slice(0, -12)}${'7'.repeat(12)}`;
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const sent = Array.from({ length: 12 }, () =>
      world.send({ path: `${T}/records`, token, headers, body }),
    );
    const got = await Promise.all(sent);
    const ids = got
      .filter((one) => one.status === 201)
      .map((one) => (one.json as { recordId: string }).recordId);
    expect(new Set(ids).size).toBe(1);
    expect(got.every((one) => [201, 409].includes(one.status))).toBe(true);
  });
});

describe('disclosing a stream', () => {
  it('answers each chunk by itself: numbers, refused records, one receipt, or a problem', async () => {
    const unknown = randomUUID();
    const before = (await world.entriesOf('t-001')).length;
    const { status, text } = await discloseBatch([
      chunk(recordIds.slice(0, 3)),
      '{"request":',
      chunk([recordIds[3]!, unknown, recordIds[4]!]),
      chunk(recordIds.slice(0, 2), world.signed(recordIds.slice(0, 3))),
      chunk([]),
      JSON.stringify({ request: 'x', recordIds: Array.from({ length: 501 }, () => unknown) }),
      chunk([recordIds[5]!]),
    ]);
    const lines = linesOf(text);
    expect(status).toBe(200);
    expect(codesOf(lines)).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
      'malformed-json',
      'ok',
      'record-not-found',
      'ok',
      'ok',
      'request-signature-invalid',
      'invalid-request',
      'invalid-request',
      'ok',
      'ok',
    ]);
    const numbers = lines.flatMap(({ individualNumber }) => individualNumber ?? []);
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5].map((at) => records[at]!.individualNumber));
    expect(lines[6]!['recordId']).toBe(unknown);
    const entries = await world.entriesSince(before, 12);
    const kinds = Object.groupBy(entries, ({ k }) => k);
    expect(kinds.intent).toHaveLength(7);
    expect(kinds.deny?.map(({ dec, cnt }) => [dec, cnt])).toEqual([
      ['deny:request-signature-invalid', 2],
    ]);
    expect(kinds.outcome?.map(({ dec, cnt }) => `${dec} ${cnt}`).toSorted()).toEqual([
      'delivered 1',
      'delivered 2',
      'delivered 3',
      'deny:record-not-found 0',
    ]);
  });

  it('releases 500 numbers in one chunk, and each of them to nobody twice', async () => {
    const ids = recordIds.slice(0, 500);
    const [intents, jws] = [(await world.entriesOf('t-001')).length, world.signed(ids)];
    const lines = linesOf((await discloseBatch([chunk(ids, jws), chunk(ids, jws)])).text);
    expect(lines).toHaveLength(502);
    expect(lines.flatMap(({ individualNumber }) => individualNumber ?? [])).toEqual(
      records.slice(0, 500).map(({ individualNumber }) => individualNumber),
    );
    // The two chunks race: either may be the one that is answered.
    expect(codesOf(lines).filter((code) => code !== 'ok')).toEqual(['request-replayed']);
    const entries = await world.entriesSince(intents, 1_002);
    // Refused whole, a chunk has one outcome and not five hundred.
    const outcomes = entries.filter(({ k }) => k === 'outcome');
    expect(outcomes.map(({ dec, cnt }) => `${dec} ${cnt}`).toSorted()).toEqual([
      'delivered 500',
      'deny:request-replayed 0',
    ]);
  });

  it('answers a chunk at once, for a sender that waits for it before it sends the next', async () => {
    const { outgoing } = world.open({
      path: `${T}/disclosures/batch`,
      token,
      headers: NDJSON,
      body: '',
    });
    const answer = new Promise<AsyncIterator<Buffer>>((resolve, reject) => {
      outgoing.on('error', reject);
      outgoing.on('response', (response) => resolve(response[Symbol.asyncIterator]()));
    });
    const got: Line[] = [];
    for (const recordId of recordIds.slice(0, 4)) {
      outgoing.write(`${chunk([recordId])}\n`);
      let text = '';
      // The number, and the receipt.
      while (text.split('\n').length < 3) text += String((await (await answer).next()).value);
      got.push(linesOf(text)[0]!);
    }
    outgoing.end();
    expect(got.map(({ individualNumber }) => individualNumber)).toEqual(
      records.slice(0, 4).map(({ individualNumber }) => individualNumber),
    );
  });

  it('answers what it began before a line that is too long, and nothing after', async () => {
    const { outgoing } = world.open({
      path: `${T}/disclosures/batch`,
      token,
      headers: NDJSON,
      body: '',
    });
    const parts: Buffer[] = [];
    const ended = new Promise<string>((resolve) => {
      outgoing.on('error', () => resolve('cut'));
      outgoing.on('response', (response) => {
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => resolve('cut')).on('end', () => resolve('whole'));
      });
    });
    outgoing.end(`${chunk([recordIds[0]!])}\n${'x'.repeat(70_000)}\n${chunk([recordIds[1]!])}\n`);
    expect(await ended).toBe('cut');
    const lines = linesOf(Buffer.concat(parts).toString());
    expect(lines.map(({ recordId }) => recordId)).toEqual([recordIds[0], undefined]);
  });

  it('takes no more work from who does not read, and so holds no more', async () => {
    const ids = recordIds.slice(0, 500);
    const { outgoing } = world.open({
      path: `${T}/disclosures/batch`,
      token,
      headers: NDJSON,
      body: '',
    });
    let held = false;
    outgoing.on('error', () => undefined).on('response', (response) => response.pause());
    const before = (await world.entriesOf('t-001')).length;
    for (let at = 0; at < 60 && !held; at += 1)
      held = !outgoing.write(`${chunk(ids)}\n`) && at > 40;
    const intents = async () =>
      (await world.entriesOf('t-001')).slice(before).filter(({ k }) => k === 'intent').length;
    let [taken, then] = [-1, await intents()];
    // It comes to rest sooner or later; a proxy that read on would take all of it.
    while (taken !== then) {
      taken = then;
      await pause(3_000);
      then = await intents();
    }
    expect(taken).toBeLessThan(60 * 500);
    expect((await world.send({ path: '/health/ready' })).status).toBe(200);
    outgoing.destroy();
  });

  it('begins nothing more for who went away, and does not say that it was delivered', async () => {
    const ids = recordIds.slice(0, 100);
    const before = (await world.entriesOf('t-001')).length;
    const { outgoing } = world.open({
      path: `${T}/disclosures/batch`,
      token,
      headers: NDJSON,
      body: '',
    });
    outgoing.on('error', () => undefined).on('response', () => outgoing.destroy());
    outgoing.write(`${Array.from({ length: 100 }, () => chunk(ids)).join('\n')}\n`);
    await new Promise((resolve) => outgoing.on('close', resolve));
    await pause(1_500);
    const entries = (await world.entriesOf('t-001')).slice(before);
    const requests = Map.groupBy(entries, ({ rid }) => rid);
    expect(requests.size).toBeGreaterThan(0);
    expect(requests.size).toBeLessThan(30);
    for (const own of requests.values()) {
      const kinds = own.map(({ k }) => k);
      expect(kinds.filter((k) => k === 'intent')).toHaveLength(100);
      expect(kinds.filter((k) => k === 'outcome')).toHaveLength(1);
    }
    expect(entries.some(({ dec }) => dec === 'unknown' || dec === 'failed')).toBe(true);
    expect(await world.as('operator-1').disclose({ recordId: ids[0]!, ...PAYROLL })).toBeDefined();
  });
});
