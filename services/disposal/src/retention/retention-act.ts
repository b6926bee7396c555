import type { Request, Response } from 'express';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isTenantId } from '@mnv/core';
import type { ServiceOperation } from '@mnv/protocol';
import type { Caller } from '@mnv/service-kit';
import { callerOf } from '@mnv/service-kit';

/** What a person does with retention, for the access log. */
export type RetentionAct = {
  operation: ServiceOperation;
  tenantId: string;
  count?: number;
  recordId?: string;
  caseId?: string;
  /** The person's signed request (compact JWS) and the id in it, of what is signed. */
  signed?: { rid: string; jws: string };
};

/**
 * Writes the entry of an act through the proxy before it is carried out; who may not is refused, and that is
 * written too.
 */
export type RecordAct = (caller: Caller, act: RetentionAct) => Promise<unknown>;

/** Who acts, for which tenant; `person` tells people apart: issuer and subject. */
export type Acting = { caller: Caller; tenantId: string; person: string };

export type RetentionRouteDependencies = {
  recordAct: RecordAct;
  /** The legal day, Asia/Tokyo. */
  today(): LegalDay;
};

/** The caller and the tenant of a route. */
export function actingOf(req: Request, res: Response): Acting {
  const caller = callerOf(res);
  const tenantId = String(req.params['tenantId']);
  if (!isTenantId(tenantId)) throw new Refusal('not-found', 'There is no such tenant.');
  return { caller, tenantId, person: `${caller.token.issuer} ${caller.token.subject}` };
}

/** Writing into a register. */
export const RECORD = { operation: 'record-register' } as const;

/** Seeing what retention knows. */
export const VIEW = { operation: 'view-retention' } as const;

/** The subject of a person as {@link Acting} names it. */
export function subjectOf(person: string): string {
  return person.slice(person.indexOf(' ') + 1);
}
