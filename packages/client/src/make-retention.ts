import { HOLD_CASE, holdChangeCount, holdChangeDigest } from '@mnv/protocol';
import type { HoldChange } from '@mnv/protocol';
import { jsonCall } from './json-call.ts';
import type { JsonContext } from './json-call.ts';
import { linesOf, parseAnswer } from './read-answer.ts';
import type { LegalHold, PlacedHold } from './legal-hold.ts';
import type {
  DryRun,
  DueRecord,
  RecordLife,
  RegisteredFile,
  Retention,
  RetentionDecision,
  RetentionRun,
  RetentionTask,
} from './retention.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';
import { listIn, withMember } from './retention-answer.ts';
import { makeRegisters } from './make-registers.ts';
import { makeTenantLaw } from './make-tenant-law.ts';
import { signedCall } from './signed-call.ts';
import type { SigningContext } from './signed-call.ts';
import { tellEvents } from './tell-events.ts';

const DEADLINE_MS = 60_000;
const DRY_RUN_DEADLINE_MS = 125_000;

/** Retention of one tenant, over the disposal service. */
export function makeRetention(context: SigningContext): Retention {
  const base = `/v1/tenants/${context.tenant}/retention`;
  const get = (path: string) => jsonCall(context, { method: 'GET', path: `${base}${path}` });
  // What leaves something behind is sent once: nobody wants it twice.
  const once = { ...context, retry: { ...context.retry, attempts: 1 } };
  const post = (path: string, json?: object, deadlineMs = DEADLINE_MS) =>
    jsonCall(once, {
      method: 'POST',
      path: `${base}${path}`,
      deadlineMs,
      ...(json && { json }),
    });
  return {
    tell: (events) => tellEvents(context, `${base}/events`, events),
    life: async (recordId, asOf) =>
      withMember<RecordLife>(await get(`/records/${recordId}${queryOf({ asOf })}`), 'number'),
    due: (until) => due(get, until),
    dryRun: async (asked) =>
      withMember<DryRun>(await post('/dry-runs', asked, DRY_RUN_DEADLINE_MS), 'summary'),
    findDryRun: async (dryRunId) =>
      withMember<DryRun>(await get(`/dry-runs/${dryRunId}`), 'summary'),
    partOf: (dryRunId, part) => partOf(context, `${base}/dry-runs/${dryRunId}/parts/${part}`),
    tasks: async () => listIn<RetentionTask>(await get('/tasks'), 'tasks'),
    decisions: async () => listIn<RetentionDecision>(await get('/decisions'), 'decisions'),
    propose: async (proposal) =>
      withMember<{ decisionId: string }>(await post('/decisions', proposal), 'decisionId')
        .decisionId,
    confirm: async (decisionId) => void (await post(`/decisions/${decisionId}/confirmations`)),
    files: async () =>
      withMember<{ asOf: string; files: RegisteredFile[] }>(await get('/files'), 'files'),
    runs: async () => listIn<RetentionRun>(await get('/jobs'), 'runs'),
    ...makeTenantLaw(context, { get, post }),
    ...makeRegisters({ get, post }),
    holds: async () => listIn<LegalHold>(await get('/holds'), 'holds'),
    ...holdChanges(context, base),
  };
}

/** Signed, and sent once: nobody wants a hold twice. */
function holdChanges(
  context: SigningContext,
  base: string,
): Pick<Retention, 'placeHold' | 'liftHold'> {
  const signedChange = (path: string, json: object, change: HoldChange) =>
    signedCall(context, {
      path: `${base}${path}`,
      operation: 'change-hold',
      json,
      caseId: HOLD_CASE,
      count: holdChangeCount(change),
      batchHash: holdChangeDigest(change),
      repeats: false,
    });
  return {
    placeHold: async (hold) => {
      const placed = await signedChange('/holds', hold, { place: hold });
      return withMember<PlacedHold>(placed, 'holdId');
    },
    liftHold: async (holdId, reason) => {
      const change = { lift: { holdId, reason } };
      await signedChange(`/holds/${holdId}/lifts`, { reason }, change);
    },
  };
}

async function* due(
  get: (path: string) => Promise<unknown>,
  until: string | undefined,
): AsyncGenerator<DueRecord> {
  let cursor: string | undefined;
  do {
    const page = await get(`/due${queryOf({ until, cursor })}`);
    yield* listIn<DueRecord>(page, 'due');
    const next = (page as { next?: unknown } | null)?.next;
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor !== undefined);
}

async function partOf(
  context: JsonContext,
  path: string,
): Promise<{ recordId: string; individualRef: string }[]> {
  return repeating(context.retry, mayRepeatIdempotently, async () => {
    const answer = await context.call(context.tenant, () => ({
      method: 'GET',
      path,
      deadlineMs: DEADLINE_MS,
    }));
    const records: { recordId: string; individualRef: string }[] = [];
    for await (const line of linesOf(answer.body))
      records.push(withMember(parseAnswer(line), 'individualRef'));
    return records;
  });
}

function queryOf(members: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members))
    if (value !== undefined) query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}
