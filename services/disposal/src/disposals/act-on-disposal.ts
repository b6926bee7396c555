import { X509Certificate } from 'node:crypto';
import { Refusal } from '@mnv/core';
import type { Clock } from '@mnv/core';
import { readSignedRequest, requireBatchRequest, ruleOf } from '@mnv/protocol';
import type { SignedRequest } from '@mnv/protocol';
import type { Caller } from '@mnv/service-kit';
import type { Act, Acts } from '../acts/record-act.ts';
import { makeDeeds } from './disposal-deeds.ts';
import type { DeedDependencies, DeedName } from './disposal-deeds.ts';
import type { Disposal, DisposalKey, Intent } from './disposal.ts';
import { isFinal } from './is-final.ts';

export type ActDependencies = DeedDependencies & {
  acts: Acts;
  findDisposal(key: DisposalKey): Promise<Disposal | undefined>;
  noteIntent(key: DisposalKey, what: Intent): Promise<void>;
  /** Throws Refusal `held`, `disposal-conflict` while something keeps a record of the disposal. */
  requireNotKept(key: DisposalKey): Promise<void>;
  /** As the vault says now, or as it said last when it does not answer. */
  look(disposal: Disposal): Promise<Disposal>;
  clock: Clock;
};

/** What a person asks for, with their signed request where one is due. Throws Refusal. */
export type ActOnDisposal = (
  caller: Caller,
  deed: DeedName,
  asked: { key: DisposalKey; jws: string | undefined },
) => Promise<Disposal>;

/**
 * What people do to a disposal: judged here as far as this service knows, written down by the proxy, noted
 * where a crash must not lose it, and then asked of the vault, which judges all of it again.
 */
export function makeActOnDisposal(deps: ActDependencies): ActOnDisposal {
  const deeds = makeDeeds(deps);
  return async (caller, name, { key, jws }) => {
    const { operation, forbiddenWhileKept, notes, ask } = deeds[name];
    const act: Act = { operation, tenantId: key.tenantId };
    await deps.acts.require(caller, act);
    const disposal = await deps.findDisposal(key);
    if (!disposal) throw await denied(caller, act, noSuch());
    const about = { ...act, caseId: disposal.caseId, count: disposal.count };
    const signed = await signedOf({ caller, about, disposal, jws });
    await deps.acts.carryOut(caller, signed ? { ...about, signed } : about, async () => {
      if (forbiddenWhileKept) await deps.requireNotKept(key);
      if (notes) await deps.noteIntent(key, notes);
      try {
        await ask(disposal, { caller, jws: jws ?? '' });
      } catch (error) {
        if (notes && isFinal(error)) await deps.withdrawIntent(key, notes);
        throw error;
      }
    });
    return deps.look((await deps.findDisposal(key)) ?? disposal);
  };

  async function denied(caller: Caller, act: Act, refusal: Refusal): Promise<Refusal> {
    await deps.acts.deny(caller, act, refusal);
    return refusal;
  }

  type Judged = { caller: Caller; about: Act; disposal: Disposal; jws: string | undefined };

  async function signedOf({ caller, about, disposal, jws }: Judged): Promise<Act['signed']> {
    if (!ruleOf(about.operation).signed) return undefined;
    try {
      if (jws === undefined) throw unsigned();
      const { publicKey } = new X509Certificate(caller.certificate);
      const request = await readSignedRequest(jws, publicKey);
      requireOf(request, disposal, about.operation);
      return { rid: request.rid, jws };
    } catch (error) {
      if (error instanceof Refusal) throw await denied(caller, about, error);
      throw error;
    }
  }

  function requireOf(request: SignedRequest, disposal: Disposal, operation: string): void {
    const { tenantId: tenant, batchHash, count } = disposal;
    requireBatchRequest(request, { tenant, operation, batchHash, count, now: deps.clock() });
    if (request.purpose !== 'DISPOSAL' || request.caseId !== disposal.caseId)
      throw new Refusal(
        'request-signature-invalid',
        'Sign the purpose DISPOSAL and the case of the disposal.',
      );
  }
}

function unsigned(): Refusal {
  return new Refusal('request-signature-invalid', 'Send the signed request as Mynumber-Request.');
}

export function noSuch(): Refusal {
  return new Refusal('not-found', 'The tenant has no such disposal.');
}
