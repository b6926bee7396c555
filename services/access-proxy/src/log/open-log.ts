import { randomUUID } from 'node:crypto';
import type { LogIdentity } from './log-head.ts';
import type { RegisteredTenant } from './tenant.repository.ts';

const FOUND_MAX = 10_000;

/** A log with a random id: its origin names no tenant. */
export function newLog(deployment: string): LogIdentity {
  const logId = randomUUID();
  return { logId, origin: `${deployment}/access/${logId}` };
}

/** Finds the log of a tenant and remembers it: a tenant never changes its log. Unknown tenants are asked again. */
export function makeLogOf(
  find: (tenantId: string) => Promise<RegisteredTenant | undefined>,
): (tenantId: string) => Promise<LogIdentity | undefined> {
  const found = new Map<string, LogIdentity>();
  return async (tenantId) => {
    const known = found.get(tenantId);
    if (known) return known;
    const tenant = await find(tenantId);
    if (!tenant) return undefined;
    if (found.size >= FOUND_MAX) found.clear();
    const log = { logId: tenant.logId, origin: tenant.origin };
    found.set(tenantId, log);
    return log;
  };
}
