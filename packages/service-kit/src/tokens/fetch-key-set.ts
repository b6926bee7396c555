import { rootCertificates } from 'node:tls';
import { Agent, request } from 'undici';
import { parseStrictJson } from '@mnv/protocol';
import type { KeySet } from './key-set.ts';
import { readKeySet } from './key-set.ts';

const DEADLINE_MS = 2_000;
const MAX_BYTES = 65_536;

/**
 * Fetches the key set of the issuer from its one configured address: TLS 1.3 checked against `ca` (PEM; the
 * public roots without it), no redirect followed.
 */
export function makeFetchKeySet(options: {
  jwksUri: string;
  ca?: string;
  algorithm: 'ES256';
}): () => Promise<KeySet> {
  const ca = options.ca ?? [...rootCertificates];
  const dispatcher = new Agent({
    connections: 1,
    maxResponseSize: MAX_BYTES,
    connect: { ca, minVersion: 'TLSv1.3' },
  });
  return async () => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const { statusCode, body } = await request(options.jwksUri, { dispatcher, signal });
    const bytes = new Uint8Array(await body.arrayBuffer());
    if (statusCode !== 200) throw new Error('the issuer did not answer with its keys');
    return readKeySet(parseStrictJson(bytes, { maxBytes: MAX_BYTES }), options.algorithm);
  };
}
