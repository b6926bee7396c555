import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { checkExpiry } from './check-files.ts';
import { checkFence } from './check-fence.ts';
import type { Check } from './doctor-check.ts';
import type { Endpoints } from './endpoints.ts';

type Answer = {
  status: number;
  serverTime: number;
  roundTripMs: number;
  certificateEnds: number;
  /** Its beginning. */
  body: string;
};
/** The handshake was completed, and then our certificate was not let in. */
type Refused = { refused: true; certificateEnds: number };
type Identity = { ca: string; cert: string; key: string };

const DEADLINE_MS = 5_000;
/** Services that only services may speak to: an API client's certificate must not get in. */
const CLOSED_TO_CLIENTS = new Set(['vault']);
const MAX_BODY = 4_096;
const CLOCK_WARN_MS = 2_000;
/** Beyond this the vault refuses every ticket as stale. */
const CLOCK_FAIL_MS = 30_000;

/** Each service's readiness, its certificate, and its clock against ours. */
export async function checkServices(endpoints: Endpoints, now: () => number): Promise<Check[]> {
  const identity = await identityOf(endpoints);
  const targets = [
    ...Object.entries(endpoints.services).map(([name, origin]) => [name, `${origin}/health/ready`]),
    ['identity', endpoints.identity.jwks],
    ...witnessOf(endpoints),
  ] as [string, string][];
  const checks = await Promise.all(
    targets.map(async ([name, address]) => {
      try {
        const answer = await probe(address, identity, now);
        return CLOSED_TO_CLIENTS.has(name)
          ? closedOf(name, answer, now())
          : [...healthOf(name, answer, now()), ...fenceBehind(name, answer)];
      } catch (error) {
        const found = (error as { code?: string }).code ?? 'no answer';
        const todo = `See whether ${name} runs, and its service log.`;
        return [{ name: `${name} 稼働 / health`, state: 'fail', found, todo } satisfies Check];
      }
    }),
  );
  return checks.flat();
}

function witnessOf({ logs }: Endpoints): [string, string][] {
  const { witness } = logs;
  return typeof witness === 'string' ? [['witness', witness]] : [];
}

/** A file that cannot be read is told by another check; here the services then refuse us. */
async function identityOf(endpoints: Endpoints): Promise<Identity> {
  const [client] = endpoints.clients;
  const read = (file: string | undefined) => readFile(file ?? '', 'utf8').catch(() => '');
  const [ca, cert, key] = await Promise.all(
    [endpoints.ca, client?.certificate, client?.key].map(read),
  );
  return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
}

/** From outside only this can be seen of such a service: it is up, proves itself, and does not let us in. */
function closedOf(name: string, answer: Answer | Refused, now: number): Check[] {
  const label = `${name} 稼働 / health`;
  const door: Check =
    'refused' in answer
      ? { name: label, state: 'ok', found: '稼働中、サービス専用 / runs, open to services only' }
      : {
          name: label,
          state: 'fail',
          found: 'クライアントに応答 / answers an API client',
          todo: `Let only services into ${name}: its list of peers is too wide.`,
        };
  return [door, checkExpiry(`${name} 証明書 / certificate`, answer.certificateEnds, now)];
}

/** The vault is shut to us: the proxy tells whether it serves. */
function fenceBehind(name: string, answer: Answer | Refused): Check[] {
  return name !== 'proxy' || 'refused' in answer ? [] : [checkFence(answer.body)];
}

function healthOf(name: string, answer: Answer | Refused, now: number): Check[] {
  if ('refused' in answer) {
    const todo = `Have ${name} let in the certificate of this client.`;
    const found = '接続拒否 / our certificate is refused';
    return [{ name: `${name} 稼働 / health`, state: 'fail', found, todo }];
  }
  const { status, certificateEnds } = answer;
  const health: Check =
    status === 200
      ? { name: `${name} 稼働 / health`, state: 'ok', found: `${status}, ${answer.roundTripMs} ms` }
      : {
          name: `${name} 稼働 / health`,
          state: 'fail',
          found: String(status),
          todo: `Read the service log of ${name}: it runs, but is not ready.`,
        };
  return [
    health,
    checkExpiry(`${name} 証明書 / certificate`, certificateEnds, now),
    clockOf(name, answer, now),
  ];
}

/** The Date header has whole seconds: half a second and half the way are allowed for. */
function clockOf(name: string, { serverTime, roundTripMs }: Answer, now: number): Check {
  const label = `${name} 時計 / clock`;
  if (Number.isNaN(serverTime)) return { name: label, state: 'warn', found: '-' };
  const off = Math.max(0, Math.abs(now - serverTime - 500) - 500 - roundTripMs);
  const found = `± ${Math.round(off)} ms`;
  const todo = 'Synchronise the clocks (NTP) of this machine and the service.';
  if (off > CLOCK_FAIL_MS) return { name: label, state: 'fail', found, todo };
  return off > CLOCK_WARN_MS
    ? { name: label, state: 'warn', found, todo }
    : { name: label, state: 'ok', found };
}

function probe(address: string, identity: Identity, now: () => number): Promise<Answer | Refused> {
  const startedAt = now();
  let certificateEnds = Number.NaN;
  return new Promise((resolve, reject) => {
    const options = {
      ...identity,
      agent: false as const,
      minVersion: 'TLSv1.3' as const,
      timeout: DEADLINE_MS,
    };
    const asked = request(address, options, (response) => {
      const answer = {
        status: response.statusCode ?? 0,
        serverTime: Date.parse(response.headers.date ?? ''),
        roundTripMs: now() - startedAt,
        certificateEnds,
      };
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body = (body + text).slice(0, MAX_BODY);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ ...answer, body }));
    });
    asked.on('timeout', () =>
      asked.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    );
    asked.on('socket', (socket) => {
      const tls = socket as TLSSocket;
      tls.on('secureConnect', () => {
        certificateEnds = Date.parse(tls.getPeerX509Certificate()?.validTo ?? '');
      });
    });
    // TLS 1.3: the server judges our certificate after the handshake has ended for us.
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const judged = !Number.isNaN(certificateEnds) && error.code !== 'ETIMEDOUT';
      if (judged) resolve({ refused: true, certificateEnds });
      else reject(error);
    });
    asked.end();
  });
}
