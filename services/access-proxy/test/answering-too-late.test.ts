import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { createAuthority, issueCertificate } from '@mnv/pki';
import { authenticate, createApp, createLogger, createMutualServer } from '@mnv/service-kit';
import type { MutualServer, TlsIdentity } from '@mnv/service-kit';
import { makeIndividualNumber } from '@mnv/testing';
import winston from 'winston';
import type { Disclosure } from '../src/disclosure/disclosure.ts';
import { disclosureRoutes } from '../src/disclosure/disclosures.routes.ts';
import { restoreRoutes } from '../src/restore/restore.routes.ts';

const DEPLOYMENT = 'test';
const SINGLE_MS = 2_000;
const CHUNK_MS = 15_000;
/** As long as the vault works for an administrator before it says that it takes too long. */
const RESTORE_MS = 7_500;
const TENANT = '/v1/tenants/t-001/disclosures';

const authority = createAuthority({ deployment: DEPLOYMENT, profile: 'development' });
const client = materialOf(`spiffe://${DEPLOYMENT}/client/payroll`);
const number = makeIndividualNumber();
const clocks = { monotonic: 0, wall: 0 };

/** What becomes of a release by the time its number is there, by the record asked for. */
const meanwhile = new Map<string, () => Promise<void> | void>();
let server: MutualServer;
let port: number;

beforeAll(async () => {
  const stream = new PassThrough().resume();
  const transports = [new winston.transports.Stream({ stream })];
  const log = createLogger({ service: 'access-proxy', transports });
  const routes = disclosureRoutes(async ({ recordIds }) => {
    const [recordId = ''] = recordIds;
    await meanwhile.get(recordId)?.();
    return {
      rid: randomUUID(),
      receipt: {},
      records: [{ recordId, index: 0, individualNumber: number }],
    } as unknown as Disclosure;
  });
  const restoring = restoreRoutes({
    administer: () => Promise.resolve(),
    vault: {
      json: () => {
        clocks.monotonic += RESTORE_MS;
        clocks.wall += RESTORE_MS;
        return Promise.resolve({ status: 200, body: { done: true } });
      },
    },
  });
  const verifyAccessToken = () => Promise.resolve({ tenant: 't-001' } as never);
  const noteFailedAttempt = () => Promise.resolve();
  server = createMutualServer({
    identity: identityOf(materialOf(`spiffe://${DEPLOYMENT}/service/access-proxy`)),
    app: createApp({
      log,
      handlers: [authenticate({ verifyAccessToken, noteFailedAttempt }), routes, restoring],
    }),
    peers: [`spiffe://${DEPLOYMENT}/client/*`],
    requirePeer: 'always',
    port: 0,
  });
  port = await server.listen();
});
afterAll(() => server.close(0));

// Both clocks stand still unless a test moves them: how fast the machine is decides nothing.
beforeEach(() => {
  Object.assign(clocks, { monotonic: performance.now(), wall: Date.now() });
  jest.spyOn(performance, 'now').mockImplementation(() => clocks.monotonic);
  jest.spyOn(Date, 'now').mockImplementation(() => clocks.wall);
});
afterEach(() => void jest.restoreAllMocks());

describe.each(['monotonic', 'wall'] as const)('by the %s clock, a single answer', (clock) => {
  const askedFor = async (pastMs: number) => {
    const recordId = randomUUID();
    meanwhile.set(recordId, () => void (clocks[clock] += pastMs));
    return post(TENANT, JSON.stringify({ recordId }), 'application/json');
  };

  it('that is there too late gives no number', async () => {
    const { status, body } = await askedFor(SINGLE_MS + 1);
    expect({ status, gave: body.includes(number) }).toEqual({ status: 503, gave: false });
    expect(body).toContain('deadline-exceeded');
  });

  it('that is there in time gives it', async () => {
    const { status, body } = await askedFor(SINGLE_MS - 1);
    expect({ status, gave: body.includes(number) }).toEqual({ status: 200, gave: true });
  });

  it('that was there in time gives none when its process was stopped under the answer before', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const together = Promise.withResolvers<void>();
    const arrivals = [first, second].map((recordId) => {
      const arrived = Promise.withResolvers<void>();
      meanwhile.set(recordId, () => (arrived.resolve(), together.promise));
      return arrived.promise;
    });
    const asked = [first, second].map((recordId) =>
      post(TENANT, JSON.stringify({ recordId }), 'application/json'),
    );
    await Promise.all(arrivals);
    await turn();
    const end = jest.spyOn(ServerResponse.prototype, 'end');
    end.mockImplementationOnce(function stopped(this: ServerResponse, ...of: unknown[]) {
      clocks[clock] += SINGLE_MS + 1;
      return this.end(...(of as []));
    });
    together.resolve();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 503]);
  });
});

describe.each(['monotonic', 'wall'] as const)('by the %s clock, a chunk of a batch', (clock) => {
  /** Two chunks: the second is ready at once, and waits for its turn behind the first until the clock has moved. */
  async function twoChunks(pastMs: number): Promise<string[]> {
    const [first, second] = [randomUUID(), randomUUID()];
    const ready = Promise.withResolvers<void>();
    meanwhile.set(second, () => ready.resolve());
    meanwhile.set(first, async () => {
      await ready.promise;
      await turn();
      clocks[clock] += pastMs;
    });
    const lines = [first, second].map((recordId) =>
      JSON.stringify({ request: 'x', recordIds: [recordId] }),
    );
    const { body } = await post(`${TENANT}/batch`, `${lines.join('\n')}\n`, 'application/x-ndjson');
    return [first, second].map((recordId) => (body.includes(recordId) ? 'number' : 'none'));
  }

  it('that waited too long for its turn is written as a problem', async () => {
    expect(await twoChunks(CHUNK_MS + 1)).toEqual(['none', 'none']);
  });

  it('that was ready in time is written, whatever became of the one before', async () => {
    expect((await twoChunks(CHUNK_MS - 1))[1]).toBe('number');
  });
});

describe('an act of an administrator about exports and restores', () => {
  it.each(['/v1/restore/reconciliation', '/v1/key-tree-exports'])(
    'is answered as long as the vault may work on it: %s',
    async (path) => {
      expect((await post(path, '', 'application/json')).body).toBe('{"done":true}');
    },
  );
});

async function post(path: string, body: string, type: string) {
  const answered = Promise.withResolvers<{ status: number; body: string }>();
  const headers = { authorization: 'Bearer token', 'content-type': type };
  const { certificate: cert, key, ca } = client;
  const to = {
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    path,
    method: 'POST',
    headers,
    cert,
    key,
    ca,
  };
  const sent = httpsRequest({ ...to, checkServerIdentity: () => undefined }, (res) => {
    text(res).then(
      (found) => answered.resolve({ status: res.statusCode ?? 0, body: found }),
      answered.reject,
    );
  });
  sent.on('error', answered.reject);
  sent.end(body);
  return answered.promise;
}

function materialOf(uri: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const asked = { authority, publicKey, subject: 'test', usage: 'both', uris: [uri] } as const;
  const certificate = issueCertificate(asked);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate, key, ca: authority.certificatePem };
}

function identityOf(material: ReturnType<typeof materialOf>): TlsIdentity {
  return { current: () => material, onRenewal: () => () => undefined, close: () => undefined };
}
