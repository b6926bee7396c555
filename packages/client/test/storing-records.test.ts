import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { makeIndividualNumber } from '@mnv/testing';
import { createClient } from '../src/index.ts';
import type { Client, NewRecord } from '../src/index.ts';
import {
  breakAfter,
  json,
  lines,
  problem,
  problemOf,
  startScriptedServer,
} from './scripted-server.ts';
import type { Answer, Arrived, ScriptedServer } from './scripted-server.ts';
import { collected } from './collected.ts';

const QUICK = { attempts: 4, firstDelayMs: 1, longestDelayMs: 3 };
const token = async () => ({ accessToken: 'a-token', expiresAt: Date.now() + 300_000 });
let server: ScriptedServer;
let client: Client;

async function open(answer: Answer): Promise<Client> {
  server = await startScriptedServer(answer);
  const options = {
    ...server.identity,
    proxyOrigin: server.origin,
    tenant: 't-001',
    token,
    retry: QUICK,
  };
  client = createClient(options);
  return client;
}

afterEach(async () => {
  await client.close();
  await server.close();
});

function newRecord(individualRef: string): NewRecord {
  return {
    individualRef,
    subject: 'E',
    individualNumber: makeIndividualNumber(),
    purposes: ['TAX-WITHHOLD'],
    verification: {
      numberCheck: 'N1',
      identityCheck: 'I1',
      channel: 'online',
      verifiedBy: 'operator-1',
      verifiedOn: '2026-04-01',
    },
    noticeVersion: '2026-01',
  };
}

const sent = (request: Arrived) =>
  request.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as NewRecord);
const keyOf = (request: Arrived) => String(request.headers['idempotency-key']);

/** A store that keeps the contract of §9.7: the same key and line name the same record. */
function keyedStore() {
  const stored = new Map<string, string>();
  const ids = (request: Arrived) =>
    sent(request).map((_, at) => {
      const key = `${keyOf(request)}#${at + 1}`;
      if (!stored.has(key)) stored.set(key, randomUUID());
      return { line: at + 1, recordId: stored.get(key) as string };
    });
  return { stored, ids };
}

describe('storing one record', () => {
  it('stores it once although the first answer is lost', async () => {
    const { stored, ids } = keyedStore();
    const one = await open((request, response, count) => {
      const [{ recordId } = { recordId: '' }] = ids(request);
      if (count === 1) return response.socket?.destroy();
      return json(response, 201, { recordId });
    });

    const { recordId } = await one.storeRecord(newRecord('E-1'));

    expect(server.arrived.map(keyOf)).toEqual([
      keyOf(server.arrived[0]!),
      keyOf(server.arrived[0]!),
    ]);
    expect([...stored.values()]).toEqual([recordId]);
  });

  it('carries the token, and the number in the body alone', async () => {
    const record = newRecord('E-1');
    const one = await open((_request, response) => json(response, 201, { recordId: randomUUID() }));

    await one.storeRecord(record);

    const { headers, path, body } = server.arrived[0]!;
    expect(headers.authorization).toBe('Bearer a-token');
    expect(JSON.stringify([headers, path])).not.toContain(record.individualNumber);
    expect(body).toContain(record.individualNumber);
  });

  it('tells why it was refused, without what was sent', async () => {
    const record = newRecord('E-1');
    const one = await open((_request, response) =>
      problem(response, {
        status: 409,
        code: 'record-exists',
        detail: `the number ${record.individualNumber} is there`,
      }),
    );

    const error = (await one.storeRecord(record).catch((refused: unknown) => refused)) as Error;

    expect(error).toMatchObject({ name: 'ProblemError', code: 'record-exists', status: 409 });
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(record.individualNumber);
    expect(server.arrived).toHaveLength(1);
  });
});

describe('storing many records', () => {
  it('answers every record in order over all chunks', async () => {
    const one = await open((request, response) =>
      lines(
        response,
        sent(request).map((record, at) => ({ line: at + 1, recordId: record.individualRef })),
      ),
    );
    const records = Array.from({ length: 23 }, (_, at) => newRecord(`E-${at}`));

    const results = await collected(
      one.storeRecords(records, { chunkSize: 5, idempotencyKey: 'batch' }),
    );

    expect(results).toEqual(
      records.map((record, at) => ({ line: at + 1, recordId: record.individualRef })),
    );
    const keys = server.arrived.map(keyOf).toSorted();
    expect(keys).toEqual(['batch-1', 'batch-11', 'batch-16', 'batch-21', 'batch-6']);
  });

  it('stores nothing twice although answers break off in the middle', async () => {
    const { stored, ids } = keyedStore();
    const one = await open((request, response, count) => {
      const answers = ids(request);
      if (count % 2 === 0) return lines(response, answers);
      return breakAfter(response, `${JSON.stringify(answers[0])}\n`);
    });
    const records = Array.from({ length: 12 }, (_, at) => newRecord(`E-${at}`));

    const results = await collected(one.storeRecords(records, { chunkSize: 4, inFlight: 1 }));

    expect(results.map((result) => 'recordId' in result && result.recordId)).toEqual([
      ...stored.values(),
    ]);
    expect(stored.size).toBe(12);
  });

  it('repeats a chunk for lines that failed for a passing reason, not for refused ones', async () => {
    const { ids } = keyedStore();
    const one = await open((request, response, count) => {
      const answers: object[] = ids(request);
      answers[1] = { line: 2, problem: problemOf(422, 'individual-number-invalid') };
      if (count === 1) answers[2] = { line: 3, problem: problemOf(503, 'database-unavailable') };
      return lines(response, answers);
    });

    const results = await collected(one.storeRecords(['E-1', 'E-2', 'E-3'].map(newRecord)));

    expect(server.arrived).toHaveLength(2);
    expect(results.map((result) => ('problem' in result ? result.problem.status : 201))).toEqual([
      201, 422, 201,
    ]);
  });

  it('reports a passing reason that does not pass, line by line', async () => {
    const one = await open((request, response) =>
      lines(
        response,
        sent(request).map((_, at) => ({ line: at + 1, problem: problemOf(503, 'overloaded') })),
      ),
    );

    const results = await collected(one.storeRecords(['E-1'].map(newRecord)));

    expect(server.arrived).toHaveLength(QUICK.attempts);
    expect(results).toMatchObject([{ line: 1, problem: { status: 503 } }]);
  });

  it('refuses an answer whose lines are not in order', async () => {
    const one = await open((_request, response) =>
      lines(response, [{ line: 2, recordId: randomUUID() }]),
    );

    const run = collected(one.storeRecords(['E-1'].map(newRecord)));

    await expect(run).rejects.toMatchObject({ resumeAt: 0, cause: { code: 'answer-invalid' } });
  });
});
