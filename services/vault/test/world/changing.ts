import { randomUUID } from 'node:crypto';
import type { ServiceAnswer } from '@mnv/service-kit';
import { makeIndividualNumber } from '@mnv/testing';
import type { Tenant } from '../world.ts';
import { logAndMakeTicket, makeIntent } from './intent.ts';
import { makeRecord } from './number-record.ts';
import type { RunningVault } from './running-vault.ts';

/** A change as a person sends it, with a number made now. */
export function makeChange(changes: object = {}) {
  const { verification, noticeVersion } = makeRecord();
  return {
    individualNumber: makeIndividualNumber(),
    from: '2026-10-01',
    reason: 'changed',
    verification,
    noticeVersion,
    ...changes,
  };
}

type Asked = { recordId: string; change: unknown; key?: string; token?: string };

/** Asks for the change of a record's number, as the proxy does. */
export async function changeNumber(
  vault: RunningVault,
  { tenantId, client }: Pick<Tenant, 'tenantId' | 'client'>,
  asked: Asked,
): Promise<ServiceAnswer> {
  const { recordId, change, key = randomUUID(), token = await client.token() } = asked;
  const evidence = { token, certificate: client.certificate };
  const body = { ...evidence, tenantId, rid: randomUUID(), recordId, key, change };
  return vault.call('/internal/number-changes', body);
}

/** The id of the record that holds a changed number; a busy machine is asked again under the same key. */
export async function changed(
  vault: RunningVault,
  tenant: Pick<Tenant, 'tenantId' | 'client'>,
  asked: Asked,
): Promise<string> {
  const again = { key: randomUUID(), ...asked };
  let answer = await changeNumber(vault, tenant, again);
  for (let left = 5; answer.status === 503 && left > 0; left -= 1)
    answer = await changeNumber(vault, tenant, again);
  const { recordId } = answer.body as { recordId?: string };
  if (answer.status !== 201 || recordId === undefined) throw new Error('the number is not changed');
  return recordId;
}

/** Discloses records; a machine too busy for the deadline is asked anew, as clients do. */
export async function discloseAs(
  vault: RunningVault,
  { tenantId, client, log }: Tenant,
  asked: { recordIds: string[]; operation?: string },
): Promise<ServiceAnswer> {
  const { recordIds, operation = 'disclose' } = asked;
  const options = { tenant: tenantId, recordIds, signed: { operation }, entry: { op: operation } };
  for (;;) {
    const intent = await makeIntent(client, options);
    const answer = await vault.call('/internal/disclosures', logAndMakeTicket(log, [intent]));
    if (answer.status !== 503) return answer;
  }
}
