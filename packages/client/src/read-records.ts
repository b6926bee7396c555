import type { RecordMetadata, Subject } from '@mnv/core';
import { isUuid } from '@mnv/core';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { TransportError } from './transport-error.ts';

type Wanted = { individualRef: string; subject?: Subject };

/** Records in use of one individual, by the tenant's own key of the person. Metadata only; it is logged. */
export function findRecords(context: JsonContext, wanted: Wanted): Promise<RecordMetadata[]> {
  return find(context, wanted, 'records');
}

/** Those that they superseded, the oldest first, and that are not disposed of. */
export function findSuperseded(context: JsonContext, wanted: Wanted): Promise<RecordMetadata[]> {
  return find(context, wanted, 'superseded');
}

async function find(
  context: JsonContext,
  wanted: Wanted,
  member: 'records' | 'superseded',
): Promise<RecordMetadata[]> {
  const path = `/v1/tenants/${context.tenant}/records/find`;
  const answer = await jsonCall(context, { method: 'POST', path, json: wanted });
  const records = (answer as Record<string, unknown> | null)?.[member];
  if (!Array.isArray(records)) throw new TransportError('answer-invalid', 'RECORDS');
  return records as RecordMetadata[];
}

/** What is known of a record; never its number. */
export async function getRecord(context: JsonContext, recordId: string): Promise<RecordMetadata> {
  if (!isUuid(recordId)) throw new TypeError('a record id is a UUID in lower case');
  const path = `/v1/tenants/${context.tenant}/records/${recordId}`;
  return (await jsonCall(context, { method: 'GET', path })) as RecordMetadata;
}
