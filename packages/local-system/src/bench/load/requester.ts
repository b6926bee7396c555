import { createPrivateKey, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TokenSource } from '@mnv/client';
import { signRequest } from '@mnv/protocol';
import { Client } from 'undici';
import type { Endpoints } from '../../system/endpoints.ts';
import { apiClientOf, tokenSourceFor } from '../../system/client-for.ts';
import { CASE_ID, PURPOSE, TENANT } from './load-job.ts';

const AUTHORITY = { person: 'operator-1', clientId: 'payroll', tenant: TENANT };

/** Who asks: one client certificate, its key, and tokens on one operator's authority. */
export type Requester = {
  token: () => Promise<string>;
  /** A fresh signed request over these records, in this order. */
  sign: (recordIds: readonly string[]) => string;
  /** One connection of its own: TLS 1.3, mutual. */
  connect: (origin: string) => Client;
};

export function makeRequester(endpoints: Endpoints): Requester {
  const api = apiClientOf(endpoints, AUTHORITY.clientId);
  const [ca, cert, key] = [endpoints.ca, api.certificate, api.key].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const source: TokenSource = tokenSourceFor(endpoints, AUTHORITY);
  const signingKey = createPrivateKey(key ?? '');
  return {
    token: async () => (await source({ tenant: TENANT })).accessToken,
    sign: (recordIds) => signOver(recordIds, signingKey),
    connect: (origin) =>
      new Client(origin, {
        pipelining: 1,
        connect: { ca, cert, key, minVersion: 'TLSv1.3' } as object,
      }),
  };
}

function signOver(recordIds: readonly string[], signingKey: KeyObject): string {
  const iat = Math.floor(Date.now() / 1000);
  const about = { tenant: TENANT, operation: 'disclose', purpose: PURPOSE, caseId: CASE_ID };
  return signRequest({ rid: randomUUID(), iat, ...about, recordIds }, signingKey);
}
