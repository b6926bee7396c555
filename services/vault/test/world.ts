import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@mnv/core';
import { createFileRoot } from '@mnv/erasure-tree';
import { createAuthority } from '@mnv/pki';
import type { ServiceAnswer } from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import { newLogKey } from '@mnv/transparency-log';
import type { ApiClient } from './world/api-client.ts';
import { makeApiClient } from './world/api-client.ts';
import { labelOf, problemOf } from './world/answers.ts';
import { makeRecord } from './world/number-record.ts';
import { ProxyLog } from './world/proxy-log.ts';
import type { RunningVault, VaultParts } from './world/running-vault.ts';
import { DEPLOYMENT, startVault } from './world/running-vault.ts';
import { makeTokenIssuer } from './world/token-issuer.ts';

const LOG_NAME = `${DEPLOYMENT}/access`;
export const CONTROL_ORIGIN = `${DEPLOYMENT}/control`;

/** A tenant with its one log and one client program. */
export type Tenant = { tenantId: string; log: ProxyLog; client: ApiClient };
export type World = Awaited<ReturnType<typeof createWorld>>;

/**
 * Everything around the vault: a database, an authority, an issuer of tokens, and the key of the access logs
 * in the hands of the test, which is the access proxy, honest or not. The root's custodian may have a clock of its
 * own.
 */
export async function createWorld({ rootClock }: { rootClock?: Clock } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'vault-world-'));
  const keyFile = join(directory, 'key');
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  const database: TestDatabase = await createTestDatabase('vault');
  const authority = createAuthority({ deployment: DEPLOYMENT, profile: 'development' });
  const issuer = await makeTokenIssuer();
  const logKey = newLogKey(LOG_NAME);
  const controlKey = newLogKey(CONTROL_ORIGIN);
  const parts: VaultParts = {
    authority,
    root: createFileRoot({
      file: join(directory, 'roots.json'),
      keyFile,
      ...(rootClock && { clock: rootClock }),
    }),
    jwks: issuer.jwks,
    controlKey: controlKey.privateKey,
    exportTo: [],
    policy: `log ${logKey.vkey}\nlog ${controlKey.vkey}\nquorum none\n`,
    dsn: database.dsnOf('vault_service'),
  };
  const exportDirectories = await Promise.all(
    ['exports-1', 'exports-2'].map(async (name) => {
      await mkdir(join(directory, name));
      return join(directory, name);
    }),
  );
  const running: RunningVault[] = [];
  const admin = makeApiClient({ authority, issuer, clientId: 'admin', tenant: 'operator' });

  return {
    database,
    exportDirectories,
    policy: parts.policy,
    root: parts.root,
    logKey: logKey.privateKey,
    logVkey: logKey.vkey,
    controlKey: controlKey.privateKey,
    controlVkey: controlKey.vkey,
    newOrigin: () => `${LOG_NAME}/${randomUUID()}`,
    newLog: () => new ProxyLog(`${LOG_NAME}/${randomUUID()}`, logKey.privateKey),
    client: (clientId: string, tenant: string, options: { certificateDays?: number } = {}) =>
      makeApiClient({ authority, issuer, clientId, tenant, ...options }),
    /** Another instance on the same database, unless the changes say otherwise. */
    async startVault(changes: Partial<VaultParts> = {}): Promise<RunningVault> {
      const vault = await startVault({ ...parts, ...changes });
      running.push(vault);
      return vault;
    },
    /** Asks for a tenant as an administrator of the operator company. */
    async askForTenant(
      vault: RunningVault,
      tenant: { tenantId: string; logOrigin: string },
      scope = 'admin',
    ): Promise<ServiceAnswer> {
      const token = await admin.token({ scope });
      return vault.call('/internal/tenants', { ...tenant, token, certificate: admin.certificate });
    },
    async createTenant(vault: RunningVault, tenantId: string): Promise<Tenant> {
      const log = this.newLog();
      const ask = () => this.askForTenant(vault, { tenantId, logOrigin: log.origin });
      let answer = await ask();
      for (let left = 5; answer.status === 503 && left > 0; left -= 1) answer = await ask();
      if (answer.status !== 201) throw new Error('the tenant was not created');
      return { tenantId, log, client: this.client('payroll', tenantId) };
    },
    async close(): Promise<void> {
      await Promise.all(running.map((vault) => vault.close()));
      await database.drop();
      await rm(directory, { recursive: true });
    },
  };
}

/** `label` stands for the number in outcomes, so that no failing test prints one. */
export type Stored = {
  recordId: string;
  individualNumber: string;
  individualRef: string;
  label: string;
};

/** Stores records of a tenant, as lines of one call. */
export async function storeLines(
  vault: RunningVault,
  { tenantId, client }: Pick<Tenant, 'tenantId' | 'client'>,
  call: { lines: { key: string; record: unknown }[]; route?: string; token?: string },
): Promise<ServiceAnswer> {
  const { lines, route = 'records', token = await client.token() } = call;
  const evidence = { token, certificate: client.certificate };
  return vault.call('/internal/records', {
    ...evidence,
    tenantId,
    rid: randomUUID(),
    route,
    lines,
  });
}

/**
 * Stores `count` fresh records and answers what was stored. A machine too busy for the deadline is asked anew
 * under the same keys, as clients do.
 */
export async function storeNumbers(
  vault: RunningVault,
  tenant: Pick<Tenant, 'tenantId' | 'client'>,
  count = 1,
  changes: object = {},
): Promise<Stored[]> {
  const records = Array.from({ length: count }, () => makeRecord(changes));
  const lines = records.map((record) => ({ key: randomUUID(), record }));
  const ask = () => storeLines(vault, tenant, { lines, route: 'records/batch' });
  let answer = await ask();
  for (let left = 5; answer.status === 503 && left > 0; left -= 1) answer = await ask();
  if (answer.status !== 200) throw new Error(`nothing was stored: ${problemOf(answer)}`);
  const answers = (answer.body as { lines: { recordId?: string }[] }).lines;
  return records.map(({ individualNumber, individualRef }, at) => {
    const recordId = answers[at]?.recordId;
    if (recordId === undefined) throw new Error('a record was not stored');
    return { recordId, individualNumber, individualRef, label: labelOf(individualNumber) };
  });
}
