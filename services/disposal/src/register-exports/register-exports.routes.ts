import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { FORMATS, MEDIA_TYPES } from '@mnv/register-document';
import { acceptedType, answerInParts, jsonBody } from '@mnv/service-kit';
import { PlainText } from '../retention/plain-text.ts';
import type { RecordAct } from '../retention/retention-act.ts';
import { actingOf } from '../retention/retention-act.ts';
import { KINDS } from './kinds.ts';
import type { RegisterKind, RegisterSources } from './kinds.ts';

const Day = z.iso.date();
const Period = z.strictObject({ from: Day, to: Day });
const isInOrder = ({ from, to }: { from: string; to: string }) => from <= to;
/** Only the register of files has a place for these. */
const FilesBody = Period.extend({
  responsible: PlainText(100).default(''),
  department: PlainText(100).default(''),
}).refine(isInOrder);
const OtherBody = Period.transform((period) => ({
  ...period,
  responsible: '',
  department: '',
})).refine(isInOrder);

export type RegisterExportDependencies = {
  recordAct: RecordAct;
  sources: RegisterSources;
  clock: Clock;
};

/**
 * Registers as documents, in the form that the request accepts. Asked for by POST: each is an act that is written
 * down, and names of people have no place in a path.
 */
export function registerExportRoutes(deps: RegisterExportDependencies): Router {
  const router = Router();
  for (const kind of Object.keys(KINDS) as RegisterKind[])
    router.post(`/v1/tenants/:tenantId/registers/${kind}`, jsonBody(), (req, res) =>
      write(req, res, { ...deps, kind }),
    );
  return router;
}

async function write(
  req: Request,
  res: Response,
  { recordAct, sources, clock, kind }: RegisterExportDependencies & { kind: RegisterKind },
): Promise<void> {
  const { caller, tenantId } = actingOf(req, res);
  const format = acceptedType(req, MEDIA_TYPES);
  const body = (kind === 'files' ? FilesBody : OtherBody).safeParse(req.body);
  if (!body.success) throw new Refusal('invalid-request', helpOf(kind));
  await recordAct(caller, { operation: 'export-register', tenantId });
  const { title, basis, tables } = KINDS[kind];
  const { from, to } = body.data;
  const document = {
    title,
    basis,
    tenantId,
    period: { from, to },
    madeAt: clock(),
    tables: await tables(sources, { caller, tenantId, ...body.data }),
  };
  await answerInParts(res, format, FORMATS[format](document));
}

function helpOf(kind: RegisterKind): string {
  const period = 'Send {"from":day,"to":day}, in order';
  if (kind !== 'files') return `${period}.`;
  return `${period}, and "responsible" and "department" as names without twelve digits, or not at all.`;
}
