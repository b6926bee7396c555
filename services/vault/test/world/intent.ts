import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AccessEntry, Ticket } from '@mnv/protocol';
import { encodeEntry, signRequest } from '@mnv/protocol';
import type { ApiClient } from './api-client.ts';
import type { ProxyLog } from './proxy-log.ts';
import { ISSUER } from './token-issuer.ts';

export const PURPOSE = 'TAX-WITHHOLD';
export const CASE = 'PAYROLL-2026-12';

/** What a client signed, the token it sent with it, and the entries a proxy logs for it. */
export type Intent = {
  rid: string;
  token: string;
  certificate: string;
  request: string;
  entries: Buffer[];
};

export type IntentOptions = {
  tenant: string;
  recordIds: string[];
  person?: string;
  token?: string;
  rid?: string;
  /** Members of what the client signs, in place of the honest ones. */
  signed?: Partial<Parameters<typeof signRequest>[0]>;
  /** Records the proxy names in its entries, when they are not those the client signed. */
  loggedIds?: string[];
  /** Members of the entries, in place of the honest ones. */
  entry?: Partial<AccessEntry>;
};

/** What an honest client sends and an honest proxy logs, but for what the options change. */
export async function makeIntent(client: ApiClient, options: IntentOptions): Promise<Intent> {
  const { tenant, recordIds, person = 'person-1', rid = randomUUID() } = options;
  const token = options.token ?? (await client.token());
  const signed = {
    rid,
    iat: Math.floor(Date.now() / 1000),
    tenant,
    operation: 'disclose',
    purpose: PURPOSE,
    caseId: CASE,
    recordIds,
    ...options.signed,
  };
  const request = signRequest(signed, client.privateKey);
  const entries = (options.loggedIds ?? recordIds).map((rec) =>
    encodeEntry({
      v: 1,
      k: 'intent',
      t: Date.now(),
      n: randomBytes(16).toString('base64url'),
      rid,
      ten: tenant,
      rec,
      op: 'disclose',
      iss: ISSUER,
      sub: person,
      act: client.clientId,
      x5t: client.x5t,
      tok: sha256(token),
      rqh: sha256(request),
      pur: signed.purpose,
      case: signed.caseId,
      pol: '1',
      dec: 'allow',
      cnt: 1,
      ...options.entry,
    }),
  );
  return { rid, token, certificate: client.certificate, request, entries };
}

/** Logs the entries of intents one after another, and makes the ticket for them, proven from what was there. */
export function logAndMakeTicket(log: ProxyLog, intents: readonly Intent[]): Ticket {
  const from = log.size;
  const first = log.append(intents.flatMap((intent) => intent.entries));
  return makeTicket(log, intents, { first, from });
}

/** The ticket for intents whose entries stand in the log from `first`; consistency is proven from `from`. */
export function makeTicket(
  log: ProxyLog,
  intents: readonly Intent[],
  { first, from = 0, size = log.size }: { first: number; from?: number; size?: number },
): Ticket {
  const entries = intents.flatMap((intent) => intent.entries);
  let offset = 0;
  const requests = intents.map(({ token, certificate, request, entries: own }) => {
    const line = { offset, n: own.length, token, certificate, request };
    offset += own.length;
    return line;
  });
  return {
    log: log.origin,
    treeSize: size,
    checkpoint: log.checkpoint(size),
    first,
    entries: entries.map((entry) => entry.toString('base64')),
    proof: log.rangeProof(first, entries.length, size),
    consistency: log.consistency(from, size),
    requests,
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
