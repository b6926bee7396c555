import { afterEach, describe, expect, it } from '@jest/globals';
import { X509Certificate, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { readSignedRequest } from '@mnv/protocol';
import { makeIndividualNumber } from '@mnv/testing';
import { createClient } from '../src/index.ts';
import type { Client, ClientOptions } from '../src/index.ts';
import { json, problem, startScriptedServer } from './scripted-server.ts';
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

const jwsIn = (request: Arrived) => String(request.headers['mynumber-request']);
const signedIn = (request: Arrived) => unverifiedRequest(jwsIn(request));

/** An honest proxy for one record. */
function honest(individualNumber: string, log = smallLog()) {
  return (request: Arrived) => {
    const { rid, purpose, caseId } = signedIn(request);
    const { recordId } = JSON.parse(request.body) as { recordId: string };
    const receipt = log.append([intent({ rid, rec: recordId, pur: purpose, case: caseId })]);
    return { recordId, individualNumber, index: receipt.first, receipt };
  };
}

describe('disclosing one number', () => {
  it('signs what it asks with the key of its certificate', async () => {
    const answer = honest(makeIndividualNumber());
    const one = await open((request, response) => json(response, 200, answer(request)));
    const recordId = randomUUID();

    const { requestId } = await one.disclose({ recordId, ...ASK });

    const { publicKey } = new X509Certificate(server.identity.certificate);
    expect(await readSignedRequest(jwsIn(server.arrived[0]!), publicKey)).toMatchObject({
      rid: requestId,
      tenant: 't-001',
      operation: 'disclose',
      purpose: ASK.purpose,
      caseId: ASK.caseId,
      count: 1,
    });
  });

  it('gives the number as a value that prints nothing', async () => {
    const individualNumber = makeIndividualNumber();
    const answer = honest(individualNumber);
    const one = await open((request, response) => json(response, 200, answer(request)));

    const disclosed = await one.disclose({ recordId: randomUUID(), ...ASK });

    expect(disclosed.individualNumber.reveal()).toBe(individualNumber);
    const printed = [
      inspect(disclosed, { depth: 9, showHidden: true }),
      JSON.stringify(disclosed),
      String(disclosed.individualNumber),
    ];
    expect(printed.join()).not.toContain(individualNumber);
  });

  it('asks again under a new request id when the service was too busy', async () => {
    const answer = honest(makeIndividualNumber());
    const one = await open((request, response, count) =>
      count === 1
        ? problem(response, { status: 503, code: 'overloaded' })
        : json(response, 200, answer(request)),
    );

    await one.disclose({ recordId: randomUUID(), ...ASK });

    const ids = server.arrived.map((request) => signedIn(request).rid);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(['vault-unavailable', 'deadline-exceeded'])(
    'does not ask again after %s',
    async (code) => {
      const one = await open((_request, response) =>
        problem(response, { status: 503, code, retryAfter: '2' }),
      );

      const ask = one.disclose({ recordId: randomUUID(), ...ASK });

      await expect(ask).rejects.toMatchObject({ code, status: 503, retryAfter: 2 });
      expect(server.arrived).toHaveLength(1);
    },
  );

  it('does not ask again when the answer was lost, and says that the number may be out', async () => {
    const one = await open((_request, response) => response.socket?.destroy());

    const ask = one.disclose({ recordId: randomUUID(), ...ASK });

    await expect(ask).rejects.toMatchObject({ name: 'TransportError', code: 'outcome-unknown' });
    expect(server.arrived).toHaveLength(1);
  });

  it('takes a new token once when the token was refused', async () => {
    let issued = 0;
    const token = async () => ({
      accessToken: `token-${(issued += 1)}`,
      expiresAt: Date.now() + 300_000,
    });
    const answer = honest(makeIndividualNumber());
    const one = await open(
      (request, response) =>
        request.headers.authorization === 'Bearer token-2'
          ? json(response, 200, answer(request))
          : problem(response, { status: 401, code: 'token-invalid' }),
      { token },
    );

    await one.disclose({ recordId: randomUUID(), ...ASK });

    expect(issued).toBe(2);
    expect(new Set(server.arrived.map((request) => signedIn(request).rid)).size).toBe(2);
  });

  it('stays quiet about an answer it cannot read', async () => {
    const individualNumber = makeIndividualNumber();
    const one = await open((_request, response) =>
      response.end(`{"individualNumber":"${individualNumber}" oops`),
    );

    const error = await one
      .disclose({ recordId: randomUUID(), ...ASK })
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'TransportError', code: 'answer-invalid' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(individualNumber);
  });

  it('refuses the number of another record, and one with a wrong check digit', async () => {
    const answer = honest(makeIndividualNumber());
    const wrong = honest('1'.repeat(11) + '9');
    const one = await open((request, response, count) =>
      json(
        response,
        200,
        count === 1 ? { ...answer(request), recordId: randomUUID() } : wrong(request),
      ),
    );

    for (const _ of ['another', 'wrong']) {
      const ask = one.disclose({ recordId: randomUUID(), ...ASK });
      await expect(ask).rejects.toMatchObject({ code: 'answer-invalid' });
    }
  });

  it('does not talk to a server that another authority vouches for', async () => {
    const stranger = await startScriptedServer((_request, response) => response.end());
    await open(() => undefined);
    const misled = createClient({
      ...server.identity,
      proxyOrigin: stranger.origin,
      tenant: 't-001',
      retry: QUICK,
      token: async () => ({ accessToken: 'a-token', expiresAt: Date.now() + 300_000 }),
    });

    const ask = misled.disclose({ recordId: randomUUID(), ...ASK });

    await expect(ask).rejects.toMatchObject({ code: 'untrusted-server' });
    expect(stranger.arrived).toHaveLength(0);
    await misled.close();
    await stranger.close();
  });
});

describe('checking receipts on arrival', () => {
  it('accepts one that a trusted log signed and that says what was asked', async () => {
    const log = smallLog();
    const answer = honest(makeIndividualNumber(), log);
    const one = await open((request, response) => json(response, 200, answer(request)), {
      trustPolicy: log.trustPolicy,
    });

    const { receipt, index } = await one.disclose({ recordId: randomUUID(), ...ASK });

    expect(receipt).toMatchObject({ first: index, n: 1 });
  });

  it('refuses one of a log that the policy does not trust', async () => {
    const answer = honest(makeIndividualNumber());
    const { trustPolicy } = smallLog();
    const one = await open((request, response) => json(response, 200, answer(request)), {
      trustPolicy,
    });

    await expect(one.disclose({ recordId: randomUUID(), ...ASK })).rejects.toMatchObject({
      name: 'ReceiptError',
    });
  });

  it.each([
    ['another purpose', { pur: 'EI' }],
    ['another case', { case: 'OTHER' }],
    ['another record', { rec: randomUUID() }],
    ['another request', { rid: randomUUID() }],
    ['another tenant', { ten: 't-002' }],
    ['an outcome', { k: 'outcome' as const, dec: 'delivered' }],
  ])('refuses one whose entry names %s', async (_what, lie) => {
    const log = smallLog();
    const individualNumber = makeIndividualNumber();
    const one = await open(
      (request, response) => {
        const { rid, purpose: pur, caseId } = signedIn(request);
        const { recordId } = JSON.parse(request.body) as { recordId: string };
        const receipt = log.append([intent({ rid, rec: recordId, pur, case: caseId, ...lie })]);
        json(response, 200, { recordId, individualNumber, index: receipt.first, receipt });
      },
      { trustPolicy: log.trustPolicy },
    );

    const ask = one.disclose({ recordId: randomUUID(), ...ASK });

    await expect(ask).rejects.toThrow('do not say what was asked');
  });
});
