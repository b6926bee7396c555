import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@mnv/client';
import type { BatchDisclosure, Client, StoredRecord, TokenSource } from '@mnv/client';
import { startFaultyProxy } from '@mnv/testing';
import type { FaultyProxy } from '@mnv/testing';
import { apiClientOf, tokenSourceFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { commandLine, printedBy } from '../command-line/mynumber.ts';
import { newRecord } from '../command-line/new-record.ts';
import { runExample } from './run-example.ts';

const ASK = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };
const EVER = { from: '2000-01-01', to: '2099-12-31' };
let system: LocalSystem;
let line: FaultyProxy;
let client: Client;

beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'fast' });
  const port = Number(new URL(system.endpoints.services.proxy).port);
  line = await startFaultyProxy({ host: 'localhost', port });
  client = overTheLine({ person: 'operator-1' });
});

afterEach(() => line.heal());

afterAll(async () => {
  await client.close();
  await line.close();
  await system.stop();
});

function overTheLine(own: { person: string; token?: TokenSource }): Client {
  const { certificate, key } = apiClientOf(system.endpoints, 'payroll');
  return createClient({
    ca: readFileSync(system.endpoints.ca, 'utf8'),
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
    proxyOrigin: `https://localhost:${line.port}`,
    tenant: 't-001',
    token:
      own.token ?? tokenSourceFor(system.endpoints, { person: own.person, clientId: 'payroll' }),
    trustPolicy: readFileSync(system.endpoints.logs.policy, 'utf8'),
    retry: { attempts: 60, firstDelayMs: 20, longestDelayMs: 100 },
  });
}

/** Cuts the answer to the next request after some bytes, and lets no other through for a while. */
async function cutNextAnswer(bytes: number): Promise<void> {
  line.dropAfter('to-client', bytes);
  await sleep(1_500);
  line.heal();
}

/** Breaks what is open, and comes back on one connection: so the next answer is the next thing on the line. */
async function onOneConnection(): Promise<void> {
  line.reset();
  await sleep(100);
  await client.findRecords({ individualRef: 'nobody' });
}

/** How often the log has the intent to release a record, as the compliance officer reads it. */
async function intentsFor(recordIds: readonly string[]): Promise<number[]> {
  const officer = overTheLine({ person: 'compliance-officer-1' });
  try {
    const { rows } = await officer.reportAccess(EVER);
    const intents = rows.filter(({ kind }) => kind === 'intent');
    return recordIds.map((id) => intents.filter(({ record }) => record === id).length);
  } finally {
    await officer.close();
  }
}

async function stored(count: number): Promise<string[]> {
  const ids: string[] = [];
  const name = randomUUID();
  const records = Array.from({ length: count }, (_, at) => newRecord(`${name}-${at}`));
  for await (const one of client.storeRecords(records)) ids.push(idOf(one));
  return ids;
}

function idOf(one: StoredRecord): string {
  if ('problem' in one) throw new Error(one.problem.type);
  return one.recordId;
}

const isReleased = (answer: BatchDisclosure) => 'individualNumber' in answer;

describe('storing over a line that breaks', () => {
  it('stores one record once, although the answer was lost', async () => {
    await onOneConnection();
    const individualRef = randomUUID();

    const [{ recordId }] = await Promise.all([
      client.storeRecord(newRecord(individualRef)),
      cutNextAnswer(20),
    ]);

    const found = await client.findRecords({ individualRef });
    expect(found.map((one) => one.recordId)).toEqual([recordId]);
  });

  it('stores a batch once, although the line breaks all the time', async () => {
    const name = randomUUID();
    const records = Array.from({ length: 2_000 }, (_, at) => newRecord(`${name}-${at}`));

    const ids = new Set<string>();
    for await (const one of client.storeRecords(records, { chunkSize: 100, inFlight: 3 })) {
      ids.add(idOf(one));
      // Two more chunks are on their way now.
      if (ids.size % 100 === 50) line.reset();
    }

    expect(ids.size).toBe(records.length);
    const last = await client.findRecords({ individualRef: `${name}-1999` });
    expect(last.map(({ recordId }) => ids.has(recordId))).toEqual([true]);
  });
});

describe('disclosing over a line that breaks', () => {
  it('says that a number may be out when its answer was lost, and does not ask twice', async () => {
    const [recordId = ''] = await stored(1);
    await onOneConnection();

    line.dropAfter('to-client', 20);
    const failure = await client.disclose({ recordId, ...ASK }).catch((error: unknown) => error);
    line.heal();

    expect(failure).toMatchObject({ name: 'TransportError', code: 'outcome-unknown' });
    expect(await intentsFor([recordId])).toEqual([1]);
  });

  it('keeps of a chunk what arrived and calls the rest unknown; each is in the log once', async () => {
    const recordIds = await stored(300);
    await onOneConnection();
    const answers: BatchDisclosure[] = [];
    line.dropAfter('to-client', 4_000);
    const options = { ...ASK, chunkSize: 100, inFlight: 1 };
    for await (const answer of client.discloseAll(recordIds, options)) {
      answers.push(answer);
      if (!isReleased(answer)) line.heal();
    }

    expect(answers.map(({ recordId }) => recordId)).toEqual(recordIds);
    const lost = answers.filter((answer) => !isReleased(answer));
    expect(lost.length).toBeGreaterThan(0);
    expect(lost).toEqual(lost.map(() => expect.objectContaining({ problem: unknownOutcome() })));
    expect(await intentsFor(recordIds)).toEqual(recordIds.map(() => 1));
  });

  it('asks again by itself when nothing was sent', async () => {
    const [recordId = ''] = await stored(1);
    const fresh = overTheLine({ person: 'operator-1' });

    // The line breaks in the TLS handshake.
    const [{ individualNumber }] = await Promise.all([
      fresh.disclose({ recordId, ...ASK }),
      cutNextAnswer(100),
    ]);
    await fresh.close();

    expect(String(individualNumber)).toBe('[IndividualNumber]');
    expect(await intentsFor([recordId])).toEqual([1]);
  });
});

describe('tokens and refusals', () => {
  it('renews a token the service does not accept, once, and goes on', async () => {
    const real = tokenSourceFor(system.endpoints, { person: 'operator-1', clientId: 'payroll' });
    let asked = 0;
    const token: TokenSource = async (ask) => {
      asked += 1;
      return asked === 1 ? { ...(await real(ask)), accessToken: 'void' } : real(ask);
    };
    const renewing = overTheLine({ person: 'operator-1', token });

    await renewing.findRecords({ individualRef: 'nobody' });
    await renewing.findRecords({ individualRef: 'nobody' });
    await renewing.close();

    expect(asked).toBe(2);
  });

  it.each([
    ['operator-2', 'TAX-WITHHOLD', 'training-expired'],
    ['operator-1', 'MARKETING', 'purpose-unknown'],
  ])('tells %s for %s: %s', async (person, purpose, code) => {
    const [recordId = ''] = await stored(1);
    const other = overTheLine({ person });

    const failure = await other.disclose({ ...ASK, recordId, purpose }).catch((e: unknown) => e);
    await other.close();

    expect(failure).toMatchObject({ name: 'ProblemError', status: 403, code });
    expect(failure).toHaveProperty('requestId', expect.stringMatching(/^[0-9a-f-]{36}$/));
  });
});

describe('the examples', () => {
  const example = (name: string, ...args: string[]) =>
    runExample(name, [system.endpointsFile, ...args]);

  it('store one number, get it back with its receipt, and are told of a refusal', async () => {
    expect(await example('store-and-disclose')).toEqual({
      recordId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      shown: '[IndividualNumber]',
      entries: 1,
      refused: 'purpose-unknown',
    });
  });

  it('run a payroll and keep receipts that verify without us', async () => {
    const receipts = mkdtempSync(join(tmpdir(), 'receipts-'));

    const result = await example('payroll-run', receipts, '600');

    expect(result).toEqual({ stored: 600, disclosed: 600, open: 0 });
    const policy = system.endpoints.logs.policy;
    const checks = readdirSync(receipts).map(async (file) => {
      const words = `verify receipt ${join(receipts, file)}`;
      return JSON.parse(await printedBy(commandLine(words, { policy, json: true }))) as unknown;
    });
    const verified = (await Promise.all(checks)) as { checked: number }[];
    expect(verified.reduce((sum, { checked }) => sum + checked, 0)).toBe(600);
    rmSync(receipts, { recursive: true });
  });

  it('report what was done', async () => {
    const report = await example('access-report', '2000-01-01', '2099-12-31');

    expect(report).toMatchObject({ withoutOutcome: 0, refused: { 'purpose-unknown': 2 } });
  });
});

function unknownOutcome() {
  return expect.objectContaining({ type: 'urn:mynumber-vault:problem:outcome-unknown', status: 0 });
}
