import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import { answer, callerOf } from '@mnv/service-kit';
import type { LogIdentity } from '../log/log-head.ts';
import type { EntriesBetween, IndexedEntry } from '../log/read-entries.ts';
import type { RecordAct } from '../record-act.ts';
import type { Period } from './period.ts';
import { parsePeriod } from './period.ts';
import { summarise, toRow } from './access-report.ts';

const DEFAULT_PAGE = 500;
const MAX_PAGE = 5_000;

const Query = z.strictObject({
  from: z.string().optional(),
  to: z.string().optional(),
  cursor: z
    .string()
    .regex(/^[0-9]{1,15}$/)
    .transform(Number)
    .default(0),
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/)
    .transform(Number)
    .refine((limit) => limit <= MAX_PAGE)
    .default(DEFAULT_PAGE),
});

export type ReportRouteDependencies = {
  recordAct: RecordAct;
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  entriesBetween: EntriesBetween;
};

/** `next` is the cursor of the page after this one, if there is more. */
type Page = { entries: IndexedEntry[]; next?: string };

/** Who used numbers, what for, when and with what result. Viewing is an act, and stands in the log before it is answered. */
export function reportRoutes(deps: ReportRouteDependencies): Router {
  const router = Router();
  router.get(
    '/v1/tenants/:tenantId/access-entries',
    answer(async (req, res) => {
      const wanted = wantedOf(req);
      const log = await viewed(req, { caller: callerOf(res), operation: 'view-entries' }, deps);
      const { entries, ...rest } = await readPage(deps, log.logId, wanted);
      const body = { entries: entries.map(({ index, entry }) => ({ index, ...entry })), ...rest };
      return { body };
    }),
  );
  router.get(
    '/v1/tenants/:tenantId/reports/access',
    answer(async (req, res) => {
      const wanted = wantedOf(req);
      const log = await viewed(req, { caller: callerOf(res), operation: 'view-report' }, deps);
      const { entries, ...rest } = await readPage(deps, log.logId, wanted);
      const rows = entries.map((one) => toRow(one));
      return { body: { origin: log.origin, summary: summarise(entries), rows, ...rest } };
    }),
  );
  return router;
}

async function viewed(
  req: Request,
  { caller, operation }: { caller: ReturnType<typeof callerOf>; operation: string },
  deps: ReportRouteDependencies,
): Promise<LogIdentity> {
  const tenantId = String(req.params['tenantId']);
  await deps.recordAct(caller, { operation, scope: 'report:read', tenantId });
  const log = await deps.logOf(tenantId);
  if (!log) throw new Refusal('not-found', 'There is no such tenant.');
  return log;
}

type Wanted = Period & { first: number; limit: number };

/** A misspelt member is refused: a report that silently is another one misleads its reader. */
function wantedOf(req: Request): Wanted {
  const query = Query.safeParse(req.query);
  if (!query.success)
    throw new Refusal(
      'invalid-request',
      `Send "from", "to", "cursor" as given and "limit" from 1 to ${MAX_PAGE}, and no more.`,
    );
  const { cursor, limit, ...period } = query.data;
  return { ...parsePeriod(period), first: cursor, limit };
}

async function readPage(
  deps: ReportRouteDependencies,
  logId: string,
  wanted: Wanted,
): Promise<Page> {
  const entries: IndexedEntry[] = [];
  for await (const one of deps.entriesBetween(logId, wanted)) {
    if (entries.length === wanted.limit) return { entries, next: String(one.index) };
    entries.push(one);
  }
  return { entries };
}
