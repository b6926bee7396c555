import { randomBytes, randomUUID } from 'node:crypto';
import { legalDayOf } from '@mnv/core';
import type { DocumentMetadata } from '@mnv/core';
import type { ReleasedDocument, ReleasedRequest } from '@mnv/protocol';
import type { ServiceAnswer } from '@mnv/service-kit';
import type { Tenant } from '../world.ts';
import { problemOf } from './answers.ts';
import type { IntentOptions } from './intent.ts';
import { logAndMakeTicket, makeIntent } from './intent.ts';
import type { RunningVault } from './running-vault.ts';

const BASE = '/internal/identity-documents';
const DAY_MS = 86_400_000;

/** The legal day so many days from now. */
export const dayFromNow = (days: number) => legalDayOf(Date.now() + days * DAY_MS);

/** Bytes that begin like a JPEG and are none. */
export const pretendedJpeg = (length = 2000) =>
  Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(length - 4)]);

/** A call about the copies of a tenant, as the proxy makes it for a person. */
export async function ask(
  vault: RunningVault,
  { tenantId, client }: Pick<Tenant, 'tenantId' | 'client'>,
  { path, scope, ...body }: { path: string; scope?: string; [member: string]: unknown },
): Promise<ServiceAnswer> {
  const token = await client.token(scope === undefined ? {} : { scope });
  const evidence = { token, certificate: client.certificate };
  return vault.call(`${BASE}/${path}`, { ...evidence, tenantId, rid: randomUUID(), ...body });
}

export function add(
  vault: RunningVault,
  tenant: Pick<Tenant, 'tenantId' | 'client'>,
  asked: { recordId: string; content?: Buffer; key?: string; scope?: string; changes?: object },
): Promise<ServiceAnswer> {
  const { recordId, content = pretendedJpeg(), key = randomUUID(), changes, scope } = asked;
  const document = { check: 'I2', content: content.toString('base64'), ...changes };
  return ask(vault, tenant, { path: 'add', recordId, key, document, ...(scope && { scope }) });
}

/** A copy that was kept; a machine too busy for the deadline is asked again under the same key. */
export async function kept(
  vault: RunningVault,
  tenant: Pick<Tenant, 'tenantId' | 'client'>,
  asked: { recordId: string; content?: Buffer; changes?: object },
): Promise<DocumentMetadata> {
  const again = { content: pretendedJpeg(), ...asked, key: randomUUID() };
  let answer = await add(vault, tenant, again);
  for (let left = 5; answer.status === 503 && left > 0; left -= 1)
    answer = await add(vault, tenant, again);
  if (answer.status !== 201) throw new Error(`the copy is not kept: ${problemOf(answer)}`);
  return answer.body as DocumentMetadata;
}

/** The copy that a ticket brings, or why it brings none. */
export async function disclose(
  vault: RunningVault,
  { tenantId, client, log }: Tenant,
  ids: string[],
  changes: Partial<IntentOptions> & { path?: string } = {},
): Promise<Buffer | string> {
  const operation = 'disclose-identity-document';
  const { path = `${BASE}/disclosures`, signed, entry, ...rest } = changes;
  const options = {
    tenant: tenantId,
    recordIds: ids,
    ...rest,
    signed: { operation, ...signed },
    entry: { op: operation, ...entry },
  };
  for (;;) {
    const intent = await makeIntent(client, options);
    const answer = await vault.call(path, logAndMakeTicket(log, [intent]));
    if (answer.status !== 503) return copyOf(answer);
  }
}

function copyOf(answer: ServiceAnswer): Buffer | string {
  if (answer.status !== 200) return problemOf(answer);
  const { requests } = answer.body as { requests: ReleasedRequest<ReleasedDocument>[] };
  const [one] = requests;
  if (!one) throw new Error('no request was answered');
  if ('problem' in one) return one.problem;
  const copy = one.records.at(-1);
  if (copy && 'problem' in copy) return copy.problem;
  return copy?.mediaType === undefined ? 'nothing' : Buffer.from(copy.content, 'base64');
}
