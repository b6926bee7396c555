import { join } from 'node:path';
import type { JWK } from 'jose';
import { ensurePrivateDirectory, keptFile } from '../files/private-file.ts';
import type { ClientRegistration } from '../identity-provider/index.ts';
import { newPrivateJwkText, publicHalf } from './people-files.ts';

type SampleClient = Omit<ClientRegistration, 'publicJwk' | 'certificateUri'>;

/** The payroll system, and what administrators work with. */
const SAMPLE_CLIENTS: readonly SampleClient[] = [
  {
    clientId: 'payroll',
    tenants: ['t-001', 't-002'],
    // It may have all it needs to read, and still never reads without a person: that is the vault's rule.
    scopes: ['number:read', 'number:write', 'record:read'],
    grants: ['client_credentials', 'token_exchange'],
  },
  {
    clientId: 'administration',
    tenants: ['operator'],
    scopes: [],
    grants: ['token_exchange'],
  },
];

export type LocalClient = ClientRegistration & { privateJwkFile: string };

/** The URI in an API client's certificate. */
export function clientUri(deployment: string, clientId: string): string {
  return `spiffe://${deployment}/client/${clientId}`;
}

/** The sample clients with their keys, made once and kept. */
export function ensureClients(directory: string, deployment: string): LocalClient[] {
  return SAMPLE_CLIENTS.map((sample) => {
    const folder = ensurePrivateDirectory(join(directory, sample.clientId));
    const privateJwkFile = join(folder, 'private-key.json');
    const privateJwk = JSON.parse(keptFile(privateJwkFile, newPrivateJwkText)) as JWK;
    return {
      ...sample,
      publicJwk: publicHalf(privateJwk),
      certificateUri: clientUri(deployment, sample.clientId),
      privateJwkFile,
    };
  });
}
