import { randomUUID } from 'node:crypto';
import type { Client, NewRecord, RequestReceipt } from '@mnv/client';
import { ProblemError, TransportError } from '@mnv/client';
import { legalDayOf } from '@mnv/core';
import { makeIndividualNumber } from '@mnv/testing';

/** What a client knows for certain after the storm, without asking anybody. */
export type Ledger = {
  /** individualRef and record id of every store that was acknowledged. */
  stored: Map<string, string>;
  /** The receipt of every request whose number arrived. */
  released: RequestReceipt[];
  /** Requests that ended without an answer or with a refusal; never an error of another kind. */
  failed: number;
  /** Requests that got neither an answer nor a broken connection for as long as a client waits, past every deadline. */
  hung: number;
};

const HUNG = /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/;
const PURPOSE = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };

export function emptyLedger(): Ledger {
  return { stored: new Map(), released: [], failed: 0, hung: 0 };
}

function newRecord(individualRef: string): NewRecord {
  return {
    individualRef,
    subject: 'E',
    individualNumber: makeIndividualNumber(),
    purposes: [PURPOSE.purpose],
    verification: {
      numberCheck: 'N1',
      identityCheck: 'I1',
      channel: 'face-to-face',
      verifiedBy: 'hr-1',
      verifiedOn: legalDayOf(Date.now()),
    },
    noticeVersion: '2026-01',
  };
}

/** Stores and discloses in turn until told to stop, and writes down what was acknowledged. */
export async function work(client: Client, ledger: Ledger, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await endured(ledger, async () => {
      const individualRef = `E-${randomUUID().slice(0, 13)}`;
      const { recordId } = await client.storeRecord(newRecord(individualRef));
      ledger.stored.set(individualRef, recordId);
    });
    for (const recordId of [...ledger.stored.values()].slice(-3)) {
      await endured(ledger, async () => {
        const { requestId, receipt } = await client.disclose({ ...PURPOSE, recordId });
        ledger.released.push({ requestId, recordIds: [recordId], receipt });
      });
    }
  }
}

/** A refusal or a lost answer is expected weather; anything else is a fault and passes. */
async function endured(ledger: Ledger, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ProblemError || error instanceof TransportError)) throw error;
    ledger.failed += 1;
    if (error instanceof TransportError && HUNG.test(error.causeCode ?? '')) ledger.hung += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
