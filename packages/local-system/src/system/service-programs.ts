import { join } from 'node:path';
import { type LocalDatabase, serviceDsn } from '../bootstrap/databases.ts';
import { childProgram } from '../supervisor/child-program.ts';
import type { Program } from '../supervisor/program.ts';
import { addressesFor } from './addresses.ts';
import { answersOk } from './answers-ok.ts';
import type { Detours } from './detours.ts';
import { certificateOf, DEPLOYMENT, type Installation } from './installation.ts';
import { MEMORY_FLAGS } from './memory-flags.ts';
import { logFile } from './outside-programs.ts';

const SERVICES = new URL('../../../../services/', import.meta.url).pathname;

type Changes = Readonly<Record<string, string>>;

/** What every service is told, each under its own prefix. */
function sharedSettings(
  installation: Installation,
  service: {
    prefix: string;
    name: string;
    port: number;
    database: LocalDatabase;
    databasePort?: number | undefined;
  },
): Record<string, string> {
  const { ports, authority, databases } = installation;
  const { certificate, key } = certificateOf(installation, service.name);
  const { issuer, jwks } = addressesFor(ports);
  const own = {
    PORT: String(service.port),
    DATABASE_URL: serviceDsn(service.database, service.databasePort ?? ports.postgres),
    DATABASE_BUDGET_GIB: '20',
    CERTIFICATE_FILE: certificate,
    KEY_FILE: key,
    CA_FILE: authority.certificateFile,
    ISSUER: issuer,
    JWKS_URL: jwks,
    ISSUER_CA_FILE: authority.certificateFile,
    DEPLOYMENT,
  };
  const prefixed = Object.entries(own).map(([name, value]) => [`${service.prefix}_${name}`, value]);
  return {
    ...Object.fromEntries(prefixed),
    PROFILE: 'development',
    PGPASSFILE: databases.passwordFiles[service.database],
  };
}

/** `changes` are settings in place of the usual ones. */
export function vaultProgram(
  installation: Installation,
  {
    detours = {},
    changes = {},
  }: { detours?: Detours | undefined; changes?: Changes | undefined } = {},
): Program {
  const { ports, authority, layout } = installation;
  return childProgram({
    name: 'vault',
    script: join(SERVICES, 'vault/src/main.ts'),
    flags: MEMORY_FLAGS,
    environment: {
      ...sharedSettings(installation, {
        prefix: 'VAULT',
        name: 'vault',
        port: ports.vault,
        database: 'vault',
        databasePort: detours.vaultDatabase,
      }),
      VAULT_ROOT_FILE: installation.rootFile,
      VAULT_ROOT_KEY_FILE: installation.rootKeyFile,
      VAULT_CONTROL_KEY_FILE: installation.controlKeyFile,
      VAULT_EXPORT_DIRECTORIES: layout.exports.join(':'),
      VAULT_LOG_POLICY_FILE: layout.policyFile,
      ...changes,
    },
    logFile: logFile(installation, 'vault'),
    isReady: () =>
      answersOk({
        url: `${addressesFor(ports).vault}/health/ready`,
        caFile: authority.certificateFile,
        as: certificateOf(installation, 'access-proxy'),
      }),
  });
}

export function proxyProgram(installation: Installation, detours: Detours = {}): Program {
  const { ports, authority, layout } = installation;
  const { proxy } = addressesFor(ports);
  const { vault } = addressesFor({ ...ports, vault: detours.vault ?? ports.vault });
  return childProgram({
    name: 'access proxy',
    script: join(SERVICES, 'access-proxy/src/main.ts'),
    flags: MEMORY_FLAGS,
    environment: {
      ...sharedSettings(installation, {
        prefix: 'ACCESS_PROXY',
        name: 'access-proxy',
        port: ports.proxy,
        database: 'access',
        databasePort: detours.accessDatabase,
      }),
      ACCESS_PROXY_VAULT_URL: vault,
      ACCESS_PROXY_LOG_KEY_FILE: installation.logKeyFile,
      ACCESS_PROXY_TRUST_POLICY_FILE: layout.policyFile,
      ACCESS_PROXY_WITNESS_CA_FILE: authority.certificateFile,
    },
    logFile: logFile(installation, 'access-proxy'),
    isReady: () =>
      answersOk({
        url: `${proxy}/health/ready`,
        caFile: authority.certificateFile,
        as: certificateOf(installation, 'client-payroll'),
      }),
  });
}

export function disposalProgram(installation: Installation): Program {
  const { ports, authority, layout } = installation;
  const { proxy, vault, disposal } = addressesFor(ports);
  return childProgram({
    name: 'disposal',
    script: join(SERVICES, 'disposal/src/main.ts'),
    flags: MEMORY_FLAGS,
    environment: {
      ...sharedSettings(installation, {
        prefix: 'DISPOSAL',
        name: 'disposal',
        port: ports.disposal,
        database: 'disposal',
      }),
      DISPOSAL_PROXY_URL: proxy,
      DISPOSAL_VAULT_URL: vault,
      DISPOSAL_SIGNING_KEY_FILE: installation.certificateKeyFile,
      DISPOSAL_TRUST_POLICY_FILE: layout.policyFile,
      DISPOSAL_WITNESS_CA_FILE: authority.certificateFile,
      DISPOSAL_LEGAL_DAY_FILE: layout.legalDayFile,
    },
    logFile: logFile(installation, 'disposal'),
    isReady: () =>
      answersOk({
        url: `${disposal}/health/ready`,
        caFile: authority.certificateFile,
        as: certificateOf(installation, 'client-payroll'),
      }),
  });
}
