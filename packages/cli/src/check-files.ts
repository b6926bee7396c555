import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { probing } from './doctor-check.ts';
import type { Check } from './doctor-check.ts';
import type { Endpoints } from './endpoints.ts';
import { readTrustPolicy } from './trust-policy.ts';

const OLDEST_NODE = 24;
const HOUR_MS = 3_600_000;

export function checkNode(version: string): Check {
  const major = Number(version.replace(/^v/, '').split('.')[0]);
  const name = 'Node.js';
  if (major >= OLDEST_NODE) return { name, state: 'ok', found: version };
  return { name, state: 'fail', found: version, todo: `Install Node.js ${OLDEST_NODE} or newer.` };
}

/** Whether only their owner can read the files with secrets, and enter the directory of the endpoints file. */
export async function checkPrivacy(file: string, endpoints: Endpoints): Promise<Check[]> {
  const secrets = [
    file,
    ...endpoints.clients.flatMap(({ key, privateJwk }) => [key, privateJwk]),
    ...endpoints.people.map(({ signInKey }) => signInKey),
    ...(endpoints.postgres ? [endpoints.postgres.adminPasswordFile] : []),
  ];
  const open = await openToOthers([dirname(file), ...secrets]);
  const name = '秘密ファイルの権限 / secret files';
  if (open.length === 0) {
    return [{ name, state: 'ok', found: `${secrets.length} 0600` }];
  }
  const todo = `chmod go= ${open.slice(0, 3).join(' ')}${open.length > 3 ? ' …' : ''}`;
  return [{ name, state: 'fail', found: `${open.length} 他人が読める / readable by others`, todo }];
}

async function openToOthers(paths: readonly string[]): Promise<string[]> {
  const modes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mode }) => mode & 0o077,
        () => 0,
      ),
    ),
  );
  return paths.filter((_, at) => modes[at] !== 0);
}

/** Each client's certificate, and the authority's. */
export async function checkCertificates(endpoints: Endpoints, now: number): Promise<Check[]> {
  const files = [
    ['認証局 / authority', endpoints.ca],
    ...endpoints.clients.map(({ clientId, certificate }) => [
      `証明書 / certificate ${clientId}`,
      certificate,
    ]),
  ] as [string, string][];
  return Promise.all(
    files.map(([name, file]) =>
      probing(name, `Make ${file} readable, or have it issued again.`, async () => {
        const { validTo } = new X509Certificate(await readFile(file));
        return checkExpiry(name, Date.parse(validTo), now);
      }),
    ),
  );
}

/** Certificates live for a week and are renewed by then; a day before the end something is wrong. */
export function checkExpiry(name: string, endsAt: number, now: number): Check {
  const found = `〜 ${new Date(endsAt).toISOString()}`;
  const todo = 'Have the certificate issued again.';
  if (endsAt <= now) return { name, state: 'fail', found, todo };
  if (endsAt - now < 24 * HOUR_MS) return { name, state: 'warn', found, todo };
  return { name, state: 'ok', found };
}

export function checkTrustPolicy({ logs }: Endpoints): Promise<Check> {
  const name = '信頼ポリシー / trust policy';
  return probing(name, `Put the trust policy at ${logs.policy}.`, async () => {
    const policy = await readTrustPolicy(logs.policy);
    const found = `logs ${policy.logs.length}, witnesses ${policy.witnesses.size}`;
    return { name, state: policy.logs.length > 0 ? 'ok' : 'fail', found };
  });
}
