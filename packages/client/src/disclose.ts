import { randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isUuid } from '@mnv/core';
import type { Clock } from '@mnv/core';
import { signRequest } from '@mnv/protocol';
import type { DisclosureOperation, Receipt } from '@mnv/protocol';
import type { Call } from './authorised-call.ts';
import type { CheckReceipt } from './check-receipt.ts';
import { disclosedFrom, receiptFrom } from './disclosure-answer.ts';
import type { DisclosedNumber, DisclosurePurpose } from './disclosure.ts';
import { bytesOf, parseAnswer } from './read-answer.ts';
import type { RetryPolicy } from './retry.ts';
import { mayAskAgain, repeating } from './retry.ts';

export type DiscloseContext = {
  call: Call;
  tenant: string;
  retry: RetryPolicy;
  clock: Clock;
  /** The private key of the client certificate. */
  signingKey: KeyObject;
  checkReceipt: CheckReceipt;
};

/** What is asked for, and for what. */
export type DisclosureAsk = DisclosurePurpose & {
  recordId: string;
  /**
   * For a record that was superseded by 番号変更: its number is for the form that was filed with it, which
   * purpose and case name. Such a request is signed, and logged, as another operation.
   */
  superseded?: boolean;
};

export type SignedAsk = { requestId: string; jws: string };

const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Asks for one number. Each sending is a new signed request with its own entry in the access log, so it is
 * repeated only when it is certain that nothing was released (see {@link mayAskAgain}).
 * @throws ProblemError when refused; TransportError `outcome-unknown` when the number may have been released
 */
export async function disclose(
  context: DiscloseContext,
  ask: DisclosureAsk,
): Promise<DisclosedNumber & { requestId: string; receipt: Receipt }> {
  return repeating(context.retry, mayAskAgain, async () => {
    const recordIds = [ask.recordId];
    const signed = { requestId: '', jws: '' };
    const answer = await context.call(context.tenant, () => {
      Object.assign(signed, signAsk(context, { ...ask, recordIds }));
      return {
        method: 'POST',
        path: `/v1/tenants/${context.tenant}/disclosures`,
        headers: { 'content-type': 'application/json', 'mynumber-request': signed.jws },
        body: JSON.stringify({ recordId: ask.recordId }),
      };
    });
    const value = parseAnswer((await bytesOf(answer.body, MAX_ANSWER_BYTES)).toString('utf8'));
    const receipt = receiptFrom((value as { receipt?: unknown } | null)?.receipt);
    const disclosed = disclosedFrom(value, ask.recordId);
    const { requestId } = signed;
    context.checkReceipt({ requestId, recordIds, receipt, tenant: context.tenant, purpose: ask });
    return { ...disclosed, requestId, receipt };
  });
}

/** A fresh signed request over these records (in this order). */
export function signAsk(
  context: Pick<DiscloseContext, 'tenant' | 'clock' | 'signingKey'>,
  ask: DisclosurePurpose & {
    recordIds: readonly string[];
    superseded?: boolean;
    operation?: DisclosureOperation;
  },
): SignedAsk {
  if (!ask.recordIds.every(isUuid)) throw new TypeError('a record id is a UUID in lower case');
  const requestId = randomUUID();
  const jws = signRequest(
    {
      rid: requestId,
      iat: Math.floor(context.clock() / 1000),
      tenant: context.tenant,
      operation: ask.operation ?? (ask.superseded === true ? 'disclose-superseded' : 'disclose'),
      purpose: ask.purpose,
      caseId: ask.caseId,
      recordIds: ask.recordIds,
    },
    context.signingKey,
  );
  return { requestId, jws };
}
