import { randomUUID } from 'node:crypto';
import { type Client, ProblemError } from '@mnv/client';
import { makeIndividualNumber } from '@mnv/testing';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs, subjectOf } from './acting-as.ts';
import type { RecordedPerson } from './find-records.ts';
import * as part from './parts.ts';

export const REFUSED_KINDS = ['wrongPurpose', 'otherTenant', 'untrained', 'unknownRecord'] as const;
export type RefusedKind = (typeof REFUSED_KINDS)[number];

/** A read that must be refused: what was asked for, and with which code it was refused, if it was. */
export type RefusedRead = { kind: RefusedKind; recordId: string; code: string | undefined };

/** The code each kind must be refused with. Another tenant's record looks exactly like one that never was. */
export const EXPECTED_CODES: Record<RefusedKind, string> = {
  wrongPurpose: 'purpose-not-permitted',
  otherTenant: 'record-not-found',
  untrained: 'training-expired',
  unknownRecord: 'record-not-found',
};

/** One read of each kind that must be refused. */
export async function tryRefusedReads(
  endpoints: Endpoints,
  order: { people: readonly RecordedPerson[]; caseId: string; today: string },
): Promise<RefusedRead[]> {
  const recordOf = (subject: string) => order.people.find((one) => one.subject === subject);
  const employee = recordOf('E')?.recordId ?? randomUUID();
  const payee = recordOf('P')?.recordId ?? randomUUID();
  const othersRecord = await storeForOtherTenant(endpoints, order.today);
  const attempts: Record<RefusedKind, { person: string; recordId: string }> = {
    wrongPurpose: { person: part.OPERATOR, recordId: payee },
    otherTenant: { person: part.OPERATOR, recordId: othersRecord },
    untrained: { person: part.UNTRAINED_OPERATOR, recordId: employee },
    unknownRecord: { person: part.OPERATOR, recordId: randomUUID() },
  };
  const refused: RefusedRead[] = [];
  for (const kind of REFUSED_KINDS) {
    const { person, recordId } = attempts[kind];
    const ask = { recordId, purpose: 'TAX-WITHHOLD', caseId: order.caseId };
    const code = await actingAs(endpoints, { person, tenant: part.TENANT }, (client) =>
      refusalOf(client, ask),
    );
    refused.push({ kind, recordId, code });
  }
  return refused;
}

async function refusalOf(
  client: Client,
  ask: { recordId: string; purpose: string; caseId: string },
): Promise<string | undefined> {
  try {
    await client.disclose(ask);
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
}

/** A record that is really there, in a tenant that is not the operator's. */
async function storeForOtherTenant(endpoints: Endpoints, today: string): Promise<string> {
  const actor = { person: part.OTHER_OPERATOR, tenant: part.OTHER_TENANT };
  const { recordId } = await actingAs(endpoints, actor, (client) =>
    client.storeRecord({
      individualRef: `other-${randomUUID()}`,
      subject: 'E',
      individualNumber: makeIndividualNumber(),
      purposes: ['TAX-WITHHOLD'],
      verification: {
        numberCheck: 'N1',
        identityCheck: 'I1',
        channel: 'face-to-face',
        verifiedBy: subjectOf(endpoints, part.OTHER_OPERATOR),
        verifiedOn: today,
      },
      noticeVersion: 'notice-1',
    }),
  );
  return recordId;
}
