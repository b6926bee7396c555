import type { Tenant } from '@mnv/client';
import { DATABASES } from '../bootstrap/databases.ts';
import { AUDIENCE, RESOURCE, type Role } from '../identity-provider/index.ts';
import { addressesFor } from './addresses.ts';
import { certificateOf, DEPLOYMENT, type Installation } from './installation.ts';

export type EndpointClient = {
  clientId: string;
  tenants: readonly string[];
  certificate: string;
  key: string;
  privateJwk: string;
};

export type EndpointPerson = {
  name: string;
  sub: string;
  roles: readonly Role[];
  tenants: readonly string[];
  passwordFile: string;
  signInKey: string;
};

/** `.data/endpoints.json`: where everything is, for tools and tests. Secrets only as paths of private files. */
export type Endpoints = {
  version: 1;
  profile: 'development';
  deployment: string;
  pid: number;
  startedAt: string;
  ca: string;
  services: { proxy: string; vault: string; disposal: string };
  identity: { issuer: string; token: string; jwks: string; audience: string; resource: string };
  logs: {
    policy: string;
    tenants: Record<string, { origin: string }>;
    control: { origin: string };
    witness: string;
  };
  postgres: {
    host: string;
    port: number;
    databases: readonly string[];
    adminUser: string;
    adminPasswordFile: string;
  };
  clients: readonly EndpointClient[];
  people: readonly EndpointPerson[];
};

function endpointClients(installation: Installation): EndpointClient[] {
  return installation.clients.map(({ clientId, tenants, privateJwkFile }) => ({
    clientId,
    tenants,
    ...pathsOf(installation, clientId),
    privateJwk: privateJwkFile,
  }));
}

function pathsOf(installation: Installation, clientId: string) {
  const { certificate, key } = certificateOf(installation, `client-${clientId}`);
  return { certificate, key };
}

function endpointPeople({ people }: Installation): EndpointPerson[] {
  return people.map(({ name, sub, roles, tenants, passwordFile, signInKeyFile }) => ({
    name,
    sub,
    roles,
    tenants,
    passwordFile,
    signInKey: signInKeyFile,
  }));
}

function originsOf(tenants: readonly Tenant[]): Record<string, { origin: string }> {
  const known = tenants.flatMap(({ tenantId, origin }) =>
    origin === undefined ? [] : [[tenantId, { origin }] as const],
  );
  return Object.fromEntries(known);
}

/** The description of a running system. Services that are not there are left out. */
export function describeEndpoints(
  installation: Installation,
  running: { startedAt: string; tenants: readonly Tenant[] },
): Endpoints {
  const { layout, ports, authority, databases } = installation;
  const { proxy, vault, disposal, witness, issuer, token, jwks } = addressesFor(ports);
  return {
    version: 1,
    profile: 'development',
    deployment: DEPLOYMENT,
    pid: process.pid,
    startedAt: running.startedAt,
    ca: authority.certificateFile,
    services: { proxy, vault, disposal },
    identity: { issuer, token, jwks, audience: AUDIENCE, resource: RESOURCE },
    logs: {
      policy: layout.policyFile,
      tenants: originsOf(running.tenants),
      control: { origin: `${DEPLOYMENT}/control` },
      witness,
    },
    postgres: {
      host: '127.0.0.1',
      port: ports.postgres,
      databases: DATABASES,
      adminUser: 'postgres',
      adminPasswordFile: databases.adminPasswordFile,
    },
    clients: endpointClients(installation),
    people: endpointPeople(installation),
  };
}
