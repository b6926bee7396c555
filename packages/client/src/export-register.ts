import type { Call } from './authorised-call.ts';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { bytesIn } from './read-answer.ts';
import { TransportError } from './transport-error.ts';

/** A period is read through before the first page is full. */
const DEADLINE_MS = 300_000;

/** Registers the access proxy makes of its log; the others are the disposal service’s. */
const OF_THE_PROXY = ['uses', 'system-use'] as const;
const OF_DISPOSAL = [
  'files',
  'handlers',
  'disposals',
  'certificates',
  'carried',
  'subcontractors',
  'refusals',
] as const;
/** 管理台帳, 担当者名簿 and the records of 別添1 C-b, by the words they are asked for with. */
export const REGISTER_KINDS = [...OF_DISPOSAL, ...OF_THE_PROXY];
export type RegisterKind = (typeof REGISTER_KINDS)[number];

export type AskedRegister = {
  kind: RegisterKind;
  /** Legal days, both whole. */
  from: string;
  to: string;
  /** PDF (A4, Japanese), or CSV in UTF-8 with a byte order mark. */
  format: 'application/pdf' | 'text/csv';
  /** 責任者 and 取扱部署, for `files`. */
  responsible?: string;
  department?: string;
};

/** An assignment of an operator to the tenant, and the days on which it gave them access. */
export type AccessListEntry = {
  subject: string;
  name: string;
  purposes: string[];
  from: string;
  /** Null while no end is set. */
  to: string | null;
  addedAt: string;
  addedBy: string;
  trainings: { course: string; completedOn: string; expiresOn: string }[];
  /** Assigned and trained, both. */
  held: { from: string; to: string }[];
};

/**
 * The bytes of a register as they come (scope `report:read`). Each is an entry of the log. A document that breaks off
 * throws, and is none.
 */
export async function* exportRegister(
  context: JsonContext & { callDisposal: Call },
  { kind, format, ...asked }: AskedRegister,
): AsyncGenerator<Uint8Array, void, void> {
  const ofProxy = OF_THE_PROXY.some((one) => one === kind);
  const call = ofProxy ? context.call : context.callDisposal;
  const answer = await call(context.tenant, () => ({
    method: 'POST',
    path: `/v1/tenants/${context.tenant}/registers/${kind}`,
    headers: { accept: format, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
    deadlineMs: DEADLINE_MS,
  }));
  yield* bytesIn(answer.body);
}

/** Who could handle the tenant’s numbers in a period (scope `report:read`, or `admin` of the operator company). */
export async function readAccessList(
  context: JsonContext,
  period: { from: string; to: string },
  tenantId: string,
): Promise<AccessListEntry[]> {
  const query = new URLSearchParams(period).toString();
  const path = `/v1/tenants/${tenantId}/access-list?${query}`;
  const answer = await jsonCall(context, { method: 'GET', path });
  const { accessList } = (answer ?? {}) as { accessList?: unknown };
  if (!Array.isArray(accessList)) throw new TransportError('answer-invalid', 'ACCESS_LIST');
  return accessList as AccessListEntry[];
}
