import type { ServiceAnswer } from '@mnv/service-kit';
import { logAndMakeTicket, makeIntent } from './intent.ts';
import type { ProxyLog } from './proxy-log.ts';
import type { RunningVault } from './running-vault.ts';
import type { Stored, Tenant } from '../world.ts';

/** Logs a fresh request for one record in a log and shows it, proven from what the log held before or from `from`. */
export async function showRequest(
  vault: RunningVault,
  { tenantId, client }: Pick<Tenant, 'tenantId' | 'client'>,
  { log, one, from }: { log: ProxyLog; one: Stored; from?: number | undefined },
): Promise<ServiceAnswer> {
  const intent = await makeIntent(client, { tenant: tenantId, recordIds: [one.recordId] });
  const ticket = logAndMakeTicket(log, [intent]);
  const consistency = from === undefined ? ticket.consistency : log.consistency(from, log.size);
  return vault.call('/internal/disclosures', { ...ticket, consistency });
}
