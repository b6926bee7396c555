import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import { answer, callerOf } from '@mnv/service-kit';
import { makeViews } from '../log/view-log.ts';
import type { RecordAct } from '../record-act.ts';
import type { ReadReleases, ReleaseCursor } from './read-releases.ts';

const Query = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\.[0-9a-f-]{36}$/)
    .transform((text) => ({ day: text.slice(0, 10), rid: text.slice(11) }))
    .pipe(z.object({ day: z.iso.date(), rid: z.string().refine(isUuid) }))
    .optional(),
});

/** The vault's own memory of its releases, for whoever may read the log: to be compared with it. */
export function releaseRoutes(deps: { recordAct: RecordAct; readReleases: ReadReleases }): Router {
  const views = makeViews({ recordAct: deps.recordAct, operation: 'view-releases' });
  return Router().get(
    '/v1/tenants/:tenantId/releases',
    answer(async (req, res) => {
      const after = cursorOf(req.query);
      const tenantId = String(req.params['tenantId']);
      const caller = callerOf(res);
      await (after ? views.goOn : views.begin)(caller, tenantId);
      const { releases, next } = await deps.readReleases(caller, after);
      return { body: { releases, ...(next && { next: `${next.day}.${next.rid}` }) } };
    }),
  );
}

function cursorOf(query: unknown): ReleaseCursor | undefined {
  const parsed = Query.safeParse(query);
  if (!parsed.success) throw new Refusal('invalid-request', 'Send "cursor" as given, and no more.');
  return parsed.data.cursor;
}
