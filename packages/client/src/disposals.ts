import { batchHashOf } from '@mnv/protocol';
import type { ServiceOperation } from '@mnv/protocol';
import type {
  DeliveredCertificate,
  Disposal,
  DisposalBatch,
  Disposals,
  RecordToDispose,
} from './disposal.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { jsonCall } from './json-call.ts';
import { bytesOf, linesOf, parseAnswer } from './read-answer.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';
import { signedCall } from './signed-call.ts';
import type { SigningContext } from './signed-call.ts';
import { TransportError } from './transport-error.ts';

const DEADLINE_MS = 60_000;
const MAX_CERTIFICATE_BYTES = 256 * 1024 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Disposals of one tenant, over the disposal service. */
export function makeDisposals(context: SigningContext): Disposals {
  const base = `/v1/tenants/${context.tenant}/disposals`;
  const get = (path: string) => jsonCall(context, { method: 'GET', path: `${base}${path}` });
  return {
    draft: (order) => draft(context, base, order),
    request: (batch) => signed(context, batch, { step: 'request', op: 'request-disposal' }),
    approve: (batch) => signed(context, batch, { step: 'approvals', op: 'approve-disposal' }),
    hold: (batch) => signed(context, batch, { step: 'holds', op: 'report-hold' }),
    order: (batch) => signed(context, batch, { step: 'order', op: 'order-disposal' }),
    stop: (batch) => signed(context, batch, { step: 'stop', op: 'stop-disposal' }),
    get: async (disposalId) => disposalFrom(await get(`/${disposalId}`)),
    list: () => list(get),
    recordIds: (batch) => recordIds(context, base, batch),
    certificates: async (state) => certificates(context, state),
    acknowledge: async (disposalId, hash) => {
      const path = `${base}/${disposalId}/certificate/acknowledgements`;
      await jsonCall(context, { method: 'POST', path, json: { hash } });
    },
    certificate: async (disposalId) => {
      const answer = await read(context, `${base}/${disposalId}/certificate`);
      return (await bytesOf(answer.body, MAX_CERTIFICATE_BYTES)).toString('latin1');
    },
    individualRefs: async function* (disposalId) {
      const answer = await read(context, `${base}/${disposalId}/individual-refs`);
      for await (const line of linesOf(answer.body)) yield parseAnswer(line) as RecordToDispose;
    },
    individualRefsReceived: async (disposalId) => {
      const path = `${base}/${disposalId}/individual-refs/received`;
      await jsonCall(context, { method: 'POST', path });
    },
  };
}

/** The same key with the same content is the same draft, so a lost answer is asked for again. */
async function draft(
  context: SigningContext,
  path: string,
  order: Parameters<Disposals['draft']>[0],
): Promise<DisposalBatch> {
  const { caseId, reason, records } = order;
  const body = [{ caseId, reason }, ...records].map((one) => `${JSON.stringify(one)}\n`).join('');
  const headers = {
    'content-type': 'application/x-ndjson',
    'idempotency-key': order.idempotencyKey ?? newIdempotencyKey(),
  };
  const answer = await repeating(context.retry, mayRepeatIdempotently, async () => {
    const { body: bytes } = await context.call(context.tenant, () => ({
      method: 'POST',
      path,
      headers,
      body,
      deadlineMs: DEADLINE_MS,
    }));
    return parseAnswer((await bytesOf(bytes, MAX_ANSWER_BYTES)).toString('utf8'));
  });
  const { disposalId, batchHash } = (answer ?? {}) as Partial<DisposalBatch>;
  // What is signed later is what was sent here, not what came back.
  const sent = batchHashOf(records.map(({ recordId }) => recordId));
  if (typeof disposalId !== 'string' || batchHash !== sent)
    throw new TransportError('answer-invalid', 'ANOTHER_BATCH');
  return { disposalId, caseId, batchHash, count: records.length };
}

/**
 * The very same signed request is answered again when its answer was lost, so it goes out again while it is
 * fresh; after that the act may have been carried out, and who acts has to look.
 */
async function signed(
  context: SigningContext,
  { disposalId, caseId, batchHash, count }: DisposalBatch,
  { step, op }: { step: string; op: ServiceOperation },
): Promise<Disposal> {
  const path = `/v1/tenants/${context.tenant}/disposals/${disposalId}/${step}`;
  const order = { path, operation: op, caseId, batchHash, count, repeats: true };
  return disposalFrom(await signedCall(context, order));
}

async function* list(get: (path: string) => Promise<unknown>): AsyncGenerator<Disposal> {
  let query = '';
  do {
    const page = (await get(query)) as { disposals?: unknown; next?: unknown } | null;
    if (!Array.isArray(page?.disposals)) throw new TransportError('answer-invalid', 'DISPOSALS');
    for (const one of page.disposals) yield disposalFrom(one);
    query = typeof page.next === 'string' ? `?before=${page.next}` : '';
  } while (query !== '');
}

async function certificates(
  context: SigningContext,
  state: 'undelivered' | 'unacknowledged' | undefined,
): Promise<DeliveredCertificate[]> {
  const path = `/v1/tenants/${context.tenant}/disposal-certificates`;
  const found: DeliveredCertificate[] = [];
  let before: string | undefined;
  do {
    const query = new URLSearchParams({ ...(state && { state }), ...(before && { before }) });
    const answer = await jsonCall(context, { method: 'GET', path: `${path}?${query.toString()}` });
    const page = answer as { certificates?: unknown; next?: unknown } | null;
    if (!Array.isArray(page?.certificates)) throw new TransportError('answer-invalid', 'DISPOSALS');
    found.push(...(page.certificates as DeliveredCertificate[]));
    before = typeof page.next === 'string' ? page.next : undefined;
  } while (before !== undefined);
  return found;
}

async function recordIds(
  context: SigningContext,
  base: string,
  { disposalId, batchHash }: DisposalBatch,
): Promise<string[]> {
  const ids: string[] = [];
  const answer = await read(context, `${base}/${disposalId}/records`);
  for await (const line of linesOf(answer.body))
    ids.push(String((parseAnswer(line) as { recordId?: unknown } | null)?.recordId));
  if (!isBatch(ids, batchHash)) throw new TransportError('answer-invalid', 'ANOTHER_BATCH');
  return ids;
}

function isBatch(ids: readonly string[], batchHash: string): boolean {
  try {
    return batchHashOf(ids) === batchHash;
  } catch {
    return false;
  }
}

function read(context: SigningContext, path: string) {
  return repeating(context.retry, mayRepeatIdempotently, () =>
    context.call(context.tenant, () => ({ method: 'GET', path, deadlineMs: DEADLINE_MS })),
  );
}

function disposalFrom(value: unknown): Disposal {
  const { disposalId, state } = (value ?? {}) as Partial<Disposal>;
  if (typeof disposalId !== 'string' || typeof state !== 'string')
    throw new TransportError('answer-invalid', 'DISPOSAL');
  return value as Disposal;
}
