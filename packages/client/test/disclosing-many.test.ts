import { afterEach, describe, expect, it } from '@jest/globals';
import { X509Certificate, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { readSignedRequest } from '@mnv/protocol';
import { makeIndividualNumber } from '@mnv/testing';
import { verifyTlogProof, parsePolicy, leafHash } from '@mnv/transparency-log';
import {
  BatchStoppedError,
  SessionEndedError,
  createClient,
  receiptToTlogProofs,
} from '../src/index.ts';
import type { Client, ClientOptions, RequestReceipt } from '../src/index.ts';
import { collected } from './collected.ts';
import { breakAfter, lines, problem, problemOf, startScriptedServer } from './scripted-server.ts';
import type { Answer, Arrived, ScriptedServer } from './scripted-server.ts';
import { intent, smallLog } from './small-log.ts';
import { unverifiedRequest } from './unverified-request.ts';

const ASK = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };
const QUICK = { attempts: 3, firstDelayMs: 1, longestDelayMs: 3 };
let server: ScriptedServer;
let client: Client;

async function open(answer: Answer, options: Partial<ClientOptions> = {}): Promise<Client> {
  server = await startScriptedServer(answer);
  const token = async () => ({ accessToken: 'a-token', expiresAt: Date.now() + 300_000 });
  const own = {
    ...server.identity,
    proxyOrigin: server.origin,
    tenant: 't-001',
    token,
    retry: QUICK,
  };
  client = createClient({ ...own, ...options });
  return client;
}

afterEach(async () => {
  await client.close();
  await server.close();
});

/** An honest proxy: numbers by record id, one entry per record, one receipt per chunk. */
function honest(numbers: Map<string, string>, log = smallLog()) {
  return (request: Arrived): object[] => {
    const { request: jws, recordIds } = JSON.parse(request.body) as {
      request: string;
      recordIds: string[];
    };
    const { rid, purpose: pur, caseId } = unverifiedRequest(jws);
    const receipt = log.append(recordIds.map((rec) => intent({ rid, rec, pur, case: caseId })));
    const records = recordIds.map((recordId, at) => ({
      recordId,
      ...(numbers.has(recordId)
        ? { individualNumber: numbers.get(recordId), index: receipt.first + at }
        : { problem: problemOf(404, 'record-not-found') }),
    }));
    return [...records, { rid, receipt }];
  };
}

function someNumbers(count: number): Map<string, string> {
  return new Map(Array.from({ length: count }, () => [randomUUID(), makeIndividualNumber()]));
}

describe('disclosing many numbers', () => {
  it('answers every record in order, over chunks, with its receipts first', async () => {
    const numbers = someNumbers(23);
    const unknown = randomUUID();
    const log = smallLog();
    const answer = honest(numbers, log);
    const receipts: RequestReceipt[] = [];
    const one = await open((request, response) => lines(response, answer(request)), {
      trustPolicy: log.trustPolicy,
    });
    const ids = [...numbers.keys(), unknown];

    const results = await collected(
      one.discloseAll(ids, {
        ...ASK,
        chunkSize: 5,
        onReceipt: (receipt) => void receipts.push(receipt),
      }),
    );

    expect(results.map(({ recordId }) => recordId)).toEqual(ids);
    const revealed = results.map((result) =>
      'problem' in result ? undefined : result.individualNumber.reveal(),
    );
    expect(revealed).toEqual([...numbers.values(), undefined]);
    expect(results.at(-1)).toMatchObject({ problem: { status: 404 } });
    expect(receipts.flatMap(({ recordIds }) => recordIds).toSorted()).toEqual(ids.toSorted());
    const { publicKey } = new X509Certificate(server.identity.certificate);
    const signed = server.arrived.map(
      ({ body }) => (JSON.parse(body) as { request: string }).request,
    );
    const requests = await Promise.all(signed.map((jws) => readSignedRequest(jws, publicKey)));
    expect(requests.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([4, 5, 5, 5, 5]);
  });

  it('expands a receipt into one transparency log proof per record', async () => {
    const numbers = someNumbers(7);
    const log = smallLog();
    const answer = honest(numbers, log);
    const receipts: RequestReceipt[] = [];
    const one = await open((request, response) => lines(response, answer(request)));
    const keep = (receipt: RequestReceipt) => void receipts.push(receipt);
    await collected(one.discloseAll(numbers.keys(), { ...ASK, onReceipt: keep }));
    const { receipt } = receipts[0]!;

    const proofs = receiptToTlogProofs(receipt, receipt.first + receipt.n);

    const policy = parsePolicy(log.trustPolicy, { origins: 'key-name-or-below' });
    proofs.forEach((proof, at) => {
      const entry = leafHash(Buffer.from(receipt.entries[at]!, 'base64'));
      const { index } = verifyTlogProof(proof, {
        leafHash: entry,
        open: (note) => policy.verify(note),
      });
      expect(index).toBe(at);
    });
  });

  it('stops at a chunk border when the session ends, and can be resumed there', async () => {
    const numbers = someNumbers(40);
    const answer = honest(numbers);
    let left = 4;
    const token = async () => {
      if (left === 0) throw new SessionEndedError();
      left -= 1;
      return { accessToken: 'short', expiresAt: Date.now() };
    };
    const one = await open((request, response) => lines(response, answer(request)), { token });
    const ids = [...numbers.keys()];
    const results: string[] = [];
    const run = async (from: number) => {
      for await (const { recordId } of one.discloseAll(ids.slice(from), {
        ...ASK,
        chunkSize: 5,
        inFlight: 1,
      }))
        results.push(recordId);
    };

    const stopped = (await run(0).catch((error: unknown) => error)) as BatchStoppedError;
    expect(stopped).toMatchObject({
      name: 'BatchStoppedError',
      resumeAt: 20,
      cause: { name: 'SessionEndedError' },
    });
    left = 9;
    await run(stopped.resumeAt);

    expect(results).toEqual(ids);
    expect(server.arrived).toHaveLength(8);
  });

  it('keeps what arrived before the connection broke, and calls the rest unknown', async () => {
    const numbers = someNumbers(3);
    const answer = honest(numbers);
    const one = await open((request, response) =>
      breakAfter(response, `${JSON.stringify(answer(request)[0])}\n{"recordId":`),
    );

    const results = await collected(one.discloseAll(numbers.keys(), ASK));

    expect(
      results.map((result) => ('problem' in result ? result.problem.type : 'released')),
    ).toEqual([
      'released',
      'urn:mynumber-vault:problem:outcome-unknown',
      'urn:mynumber-vault:problem:outcome-unknown',
    ]);
    expect(server.arrived).toHaveLength(1);
  });

  it('calls all unknown when no answer came, and goes on with the next chunk', async () => {
    const numbers = someNumbers(4);
    const answer = honest(numbers);
    const one = await open((request, response, count) =>
      count === 1 ? response.socket?.destroy() : lines(response, answer(request)),
    );

    const results = await collected(
      one.discloseAll(numbers.keys(), { ...ASK, chunkSize: 2, inFlight: 1 }),
    );

    expect(results.map((result) => 'problem' in result)).toEqual([true, true, false, false]);
  });

  it('asks for a chunk again when the service was too busy for all of it', async () => {
    const numbers = someNumbers(2);
    const answer = honest(numbers);
    const one = await open((request, response, count) =>
      count === 1
        ? problem(response, { status: 503, code: 'overloaded' })
        : lines(response, answer(request)),
    );

    const results = await collected(one.discloseAll(numbers.keys(), ASK));

    expect(results.every((result) => 'individualNumber' in result)).toBe(true);
    expect(server.arrived[0]!.body).not.toBe(server.arrived[1]!.body);
  });

  it('stops when the operator is refused, with the reason', async () => {
    const one = await open((_request, response) =>
      problem(response, { status: 403, code: 'training-expired' }),
    );

    const run = collected(one.discloseAll(someNumbers(3).keys(), ASK));

    await expect(run).rejects.toMatchObject({ resumeAt: 0, cause: { code: 'training-expired' } });
    expect(server.arrived).toHaveLength(1);
  });

  it('stops with the reason when one line refuses the chunk', async () => {
    const one = await open((_request, response) =>
      lines(response, [{ problem: problemOf(403, 'training-expired') }]),
    );

    const run = collected(one.discloseAll(someNumbers(3).keys(), ASK));

    await expect(run).rejects.toMatchObject({ resumeAt: 0, cause: { code: 'training-expired' } });
  });

  it('asks again when one line says that the log took no entry', async () => {
    const numbers = someNumbers(2);
    const answer = honest(numbers);
    const one = await open((request, response, count) =>
      lines(
        response,
        count === 1 ? [{ problem: problemOf(503, 'log-unavailable') }] : answer(request),
      ),
    );

    const results = await collected(one.discloseAll(numbers.keys(), ASK));

    expect(results.every((result) => 'individualNumber' in result)).toBe(true);
  });

  it('stops when the receipt is of another request', async () => {
    const numbers = someNumbers(2);
    const answer = honest(numbers);
    const one = await open((request, response) =>
      lines(response, answer(request).with(-1, { rid: randomUUID(), receipt: {} })),
    );

    const run = collected(one.discloseAll(numbers.keys(), ASK));

    await expect(run).rejects.toMatchObject({ resumeAt: 0, cause: { code: 'answer-invalid' } });
  });

  it('shows no number in results or errors', async () => {
    const numbers = someNumbers(2);
    const answer = honest(numbers);
    const one = await open((request, response, count) =>
      lines(response, count === 1 ? answer(request) : answer(request).toReversed()),
    );

    const results = await collected(one.discloseAll(numbers.keys(), ASK));
    const error = await collected(one.discloseAll(numbers.keys(), ASK)).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(BatchStoppedError);
    const printed =
      inspect([results, error], { depth: 12, showHidden: true }) + JSON.stringify([results, error]);
    for (const number of numbers.values()) expect(printed).not.toContain(number);
  });
});
