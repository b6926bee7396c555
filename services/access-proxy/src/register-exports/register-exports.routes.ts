import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { FORMATS, MEDIA_TYPES } from '@mnv/register-document';
import type { Table } from '@mnv/register-document';
import { acceptedType, answerInParts, callerOf, jsonBody } from '@mnv/service-kit';
import type { LogIdentity } from '../log/log-head.ts';
import type { EntriesBetween, IndexedEntry } from '../log/read-entries.ts';
import type { RecordAct } from '../record-act.ts';
import { parsePeriod } from '../reports/period.ts';
import { systemUseTable } from './system-use-table.ts';
import { usesTable } from './uses-table.ts';

const Day = z.iso.date();
const Body = z.strictObject({ from: Day, to: Day });

type Kind = {
  title: string;
  basis: string;
  table(entries: AsyncIterable<IndexedEntry>): Table;
};
const KINDS = {
  uses: {
    title: '特定個人情報ファイルの利用・出力の記録',
    basis: '安全管理措置 別添1 C-b ①',
    table: usesTable,
  },
  'system-use': {
    title: '情報システムの利用状況の記録',
    basis: '安全管理措置 別添1 C-b ⑤',
    table: systemUseTable,
  },
} as const satisfies Record<string, Kind>;

export type RegisterExportDependencies = {
  recordAct: RecordAct;
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  entriesBetween: EntriesBetween;
  clock: Clock;
};

/** Registers made of the access log, as a document: the form that the request accepts. */
export function registerExportRoutes(deps: RegisterExportDependencies): Router {
  const router = Router();
  for (const [kind, parts] of Object.entries(KINDS))
    router.post(`/v1/tenants/:tenantId/registers/${kind}`, jsonBody(), (req, res) =>
      write(req, res, { ...deps, ...parts }),
    );
  return router;
}

async function write(
  req: Request,
  res: Response,
  deps: RegisterExportDependencies & Kind,
): Promise<void> {
  const tenantId = String(req.params['tenantId']);
  const format = acceptedType(req, MEDIA_TYPES);
  const body = Body.safeParse(req.body);
  if (!body.success) throw new Refusal('invalid-request', 'Send {"from":day,"to":day}, in order.');
  const period = body.data;
  const instants = parsePeriod(period);
  const act = { operation: 'export-register', scope: 'report:read', tenantId } as const;
  await deps.recordAct(callerOf(res), act);
  const log = await deps.logOf(tenantId);
  if (!log) throw new Refusal('not-found', 'There is no such tenant.');
  const entries = deps.entriesBetween(log.logId, { first: 0, ...instants });
  const document = {
    title: deps.title,
    basis: deps.basis,
    tenantId,
    period,
    madeAt: deps.clock(),
    tables: [deps.table(entries)],
  } as const;
  await answerInParts(res, format, FORMATS[format](document));
}
