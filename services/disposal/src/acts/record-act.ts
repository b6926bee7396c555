import { randomUUID } from 'node:crypto';
import { Refusal } from '@mnv/core';
import { ruleOf } from '@mnv/protocol';
import type { ServiceAct, ServiceOperation } from '@mnv/protocol';
import { ServiceCallError, requirePerson } from '@mnv/service-kit';
import type { Caller } from '@mnv/service-kit';
import type { WriteEntries } from './write-entries.ts';

/** Something a person does here. */
export type Act = {
  operation: ServiceOperation;
  /** The tenant named in the path. */
  tenantId: string;
  /** For signed operations, the person's signed request (compact JWS) and the id in it. */
  signed?: { rid: string; jws: string };
  caseId?: string;
  recordId?: string;
  /** How many records it is about. */
  count?: number;
};

/** What a person does here stands in the tenant's access log before it is carried out. */
export type Acts = {
  /** Writes the entry; resolves with its request id once it is durable. The act comes after. Throws Refusal. */
  record(caller: Caller, act: Act): Promise<string>;
  /** The same, then the work. What refuses it afterwards is written down too, under the same request id. */
  carryOut<T>(caller: Caller, act: Act, work: () => Promise<T>): Promise<T>;
  /** Requires the right without an entry of its own; what comes of it is recorded. Throws Refusal. */
  require(caller: Caller, act: Act): Promise<void>;
  /** Writes down that somebody was refused. */
  deny(caller: Caller, act: Act, refusal: Refusal): Promise<void>;
};

/**
 * Who may, is written down before it happens; who may not, is written down before it is told. The proxy
 * verifies the evidence anew: this service cannot write in anybody's name.
 */
export function makeActs(writeEntries: WriteEntries, reportLost: (error: unknown) => void): Acts {
  const write = (caller: Caller, act: Act, facts: { rid: string; dec: string }) =>
    writeEntries(caller.token.tenant, [entryOf(caller, act, facts)]);

  const acts: Acts = {
    async record(caller, act) {
      const rid = act.signed?.rid ?? randomUUID();
      await acts.require(caller, act);
      await write(caller, act, { rid, dec: 'allow' });
      return rid;
    },
    async carryOut(caller, act, work) {
      const rid = await acts.record(caller, act);
      try {
        return await work();
      } catch (error) {
        if (isAnswer(error))
          await write(caller, act, { rid, dec: `deny:${error.code}` }).catch(reportLost);
        throw error;
      }
    },
    async require(caller, act) {
      const refusal = refusalOf(caller, act);
      if (!refusal) return;
      await acts.deny(caller, act, refusal);
      throw refusal;
    },
    async deny(caller, act, refusal) {
      // Its request may be what is wrong, so the entry does not lean on it.
      const { signed, ...unsigned } = act;
      const rid = signed?.rid ?? randomUUID();
      await write(caller, unsigned, { rid, dec: `deny:${refusal.code}` });
    },
  };
  return acts;
}

/** A refusal that somebody decided. A call without an answer is none: it may have been carried out. */
function isAnswer(error: unknown): error is Refusal {
  return error instanceof Refusal && !(error instanceof ServiceCallError);
}

function refusalOf({ token }: Caller, { operation, tenantId }: Act): Refusal | undefined {
  if (tenantId !== token.tenant) return new Refusal('not-found', 'There is no such tenant.');
  const { scopes } = ruleOf(operation);
  if (!scopes.some((scope) => token.scopes.has(scope)))
    return new Refusal('scope-missing', `The access token lacks the scope ${scopes.join(' or ')}.`);
  try {
    requirePerson(token);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The entry of an act, with the evidence of who acts. */
export function entryOf(
  { tokenText, certificate }: Caller,
  { operation, signed, caseId, recordId, count }: Act,
  { rid, dec }: { rid: string; dec: string },
): ServiceAct {
  return {
    token: tokenText,
    certificate: certificate.toString('base64'),
    rid,
    op: operation,
    dec,
    pur: 'DISPOSAL',
    cnt: count ?? 0,
    ...(signed !== undefined && { request: signed.jws }),
    ...(caseId !== undefined && { case: caseId }),
    ...(recordId !== undefined && { rec: recordId }),
  };
}
