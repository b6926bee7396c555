import type { CertifiedParty } from '../authority/certificate-files.ts';
import type { LocalClient } from '../bootstrap/client-files.ts';

const SERVICES = ['access-proxy', 'vault', 'disposal'] as const;

/** Everybody who has a TLS identity: the provider, the witness, the services, the API clients. */
export function certifiedParties(
  deployment: string,
  clients: readonly LocalClient[],
): CertifiedParty[] {
  return [
    { name: 'identity-provider', uris: [], dns: ['localhost'], usage: 'server' },
    { name: 'witness', uris: [], dns: ['localhost'], usage: 'server' },
    ...SERVICES.map((name) => ({
      name,
      uris: [`spiffe://${deployment}/service/${name}`],
      dns: ['localhost'],
      usage: 'both' as const,
    })),
    ...clients.map(({ clientId, certificateUri }) => ({
      name: `client-${clientId}`,
      uris: [certificateUri],
      usage: 'client' as const,
    })),
  ];
}
