import { Router } from 'express';
import type { Request } from 'express';
import { Refusal } from '@mnv/core';
import { callerOf } from '../authenticate.ts';
import type { LogIdentity } from '../log/log-head.ts';
import type { IndexedEntry } from '../log/read-entries.ts';
import type { RecordAct } from '../record-act.ts';
import type { Period } from './period.ts';
import { parsePeriod } from './period.ts';
import { summarise, toRow } from './access-report.ts';

const DEFAULT_PAGE = 500;
const MAX_PAGE = 5_000;

export type ReportRouteDependencies = {
  recordAct: RecordAct;
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  /** Entries of a period, from a place in the log on, in order. */
  entriesBetween(logId: string, wanted: Period & { first: number }): AsyncIterable<IndexedEntry>;
};

type Page = { entries: IndexedEntry[]; next?: number };

/** Who used numbers, what for, when and with what result. Viewing is an act, and stands in the log before it is answered. */
export function reportRoutes(deps: ReportRouteDependencies): Router {
  const router = Router();
  router.get('/v1/tenants/:tenantId/access-entries', async (req, res) => {
    const period = parsePeriod(req.query);
    const page = pageOf(req);
    const log = await viewed(req, { caller: callerOf(res), operation: 'view-entries' }, deps);
    const { entries, next } = await readPage(deps, log.logId, { ...period, ...page });
    res.json({
      entries: entries.map(({ index, entry }) => ({ index, ...entry })),
      ...(next !== undefined && { next: String(next) }),
    });
  });
  router.get('/v1/tenants/:tenantId/reports/access', async (req, res) => {
    const period = parsePeriod(req.query);
    const page = pageOf(req);
    const log = await viewed(req, { caller: callerOf(res), operation: 'view-report' }, deps);
    const { entries, next } = await readPage(deps, log.logId, { ...period, ...page });
    res.json({
      origin: log.origin,
      summary: summarise(entries),
      rows: entries.map((one) => toRow(one)),
      ...(next !== undefined && { next: String(next) }),
    });
  });
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

function pageOf(req: Request): { first: number; limit: number } {
  const first = Number(req.query['cursor'] ?? 0);
  const limit = Number(req.query['limit'] ?? DEFAULT_PAGE);
  if (
    !Number.isSafeInteger(first) ||
    first < 0 ||
    !Number.isSafeInteger(limit) ||
    limit < 1 ||
    limit > MAX_PAGE
  ) {
    throw new Refusal(
      'invalid-request',
      `Send "cursor" as given and "limit" from 1 to ${MAX_PAGE}.`,
    );
  }
  return { first, limit };
}

async function readPage(
  deps: ReportRouteDependencies,
  logId: string,
  wanted: Period & { first: number; limit: number },
): Promise<Page> {
  const entries: IndexedEntry[] = [];
  for await (const one of deps.entriesBetween(logId, wanted)) {
    if (entries.length === wanted.limit) return { entries, next: one.index };
    entries.push(one);
  }
  return { entries };
}
