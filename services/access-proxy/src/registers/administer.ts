import { z } from 'zod';
import { OPERATOR_TENANT, Refusal } from '@mnv/core';
import type { Caller } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';

/**
 * Lets an administrator (a person who acts for the operator company) do something, once that stands in the
 * company's log. Who may not is written down too. Throws Refusal.
 */
export type Administer = (caller: Caller, operation: string) => Promise<void>;

export function makeAdminister(recordAct: RecordAct): Administer {
  return async (caller, operation) => {
    await recordAct(caller, { operation, scope: 'admin', tenantId: OPERATOR_TENANT });
  };
}

/** What people and companies are called. */
export const Name = z.string().trim().min(1).max(200);

/** Throws Refusal `invalid-request` with the help. */
export function wellFormed<T>(schema: z.ZodType<T>, body: unknown, help: string): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new Refusal('invalid-request', help);
  return result.data;
}
