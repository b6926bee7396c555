import type { Scope } from '@mnv/core';

type Rule = {
  /** Any one of these is enough. */
  scopes: readonly Scope[];
  /** Whether the person's client signs a request for it, whose `op` is the operation. */
  signed: boolean;
};

const READS_DISPOSALS = [
  'disposal:request',
  'disposal:approve',
  'hold:write',
  'report:read',
] as const satisfies Scope[];

/**
 * What people do through a service of ours that is not the proxy. The proxy writes entries for these and for
 * no other operation, so no text that somebody typed can get into a log this way.
 */
export const SERVICE_OPERATIONS = {
  'draft-disposal': { scopes: ['disposal:request'], signed: false },
  'request-disposal': { scopes: ['disposal:request'], signed: true },
  'approve-disposal': { scopes: ['disposal:approve'], signed: true },
  'report-hold': { scopes: ['hold:write'], signed: true },
  'order-disposal': { scopes: ['disposal:request', 'disposal:approve'], signed: true },
  'stop-disposal': {
    scopes: ['disposal:request', 'disposal:approve', 'hold:write'],
    signed: true,
  },
  'view-disposal': { scopes: READS_DISPOSALS, signed: false },
  'list-disposals': { scopes: READS_DISPOSALS, signed: false },
  'view-disposal-certificate': { scopes: READS_DISPOSALS, signed: false },
  'acknowledge-certificate': {
    scopes: ['disposal:request', 'disposal:approve', 'report:read'],
    signed: false,
  },
  'export-individual-refs': { scopes: ['disposal:request'], signed: false },
  'discard-individual-refs': { scopes: ['disposal:request'], signed: false },
  'record-retention-events': { scopes: ['disposal:request', 'number:write'], signed: false },
  'view-retention': { scopes: READS_DISPOSALS, signed: false },
  'change-retention': { scopes: ['disposal:request', 'disposal:approve'], signed: false },
  'change-hold': { scopes: ['hold:write'], signed: true },
  'record-register': { scopes: ['disposal:request', 'number:write'], signed: false },
  'record-refusal': { scopes: ['disposal:request', 'number:write'], signed: false },
  'view-refusals': { scopes: [...READS_DISPOSALS, 'number:write'], signed: false },
  'export-register': { scopes: ['report:read'], signed: false },
  'view-access-list': { scopes: ['report:read'], signed: false },
  'view-identity-document-purges': { scopes: ['report:read'], signed: false },
  'view-disposal-acts': { scopes: ['report:read'], signed: false },
} as const satisfies Record<string, Rule>;

export type ServiceOperation = keyof typeof SERVICE_OPERATIONS;

/** Whether a text is an operation of the table. */
export function isServiceOperation(text: string): text is ServiceOperation {
  return Object.hasOwn(SERVICE_OPERATIONS, text);
}

/** What the operation asks of a person. */
export function ruleOf(operation: ServiceOperation): Rule {
  return SERVICE_OPERATIONS[operation];
}

/** An act that a service has recorded by the proxy, as it asks for it. What does not apply is left out. */
export type ServiceAct = {
  /** The person's access token, and the certificate (DER, base64) it is bound to. */
  token: string;
  certificate: string;
  /** The signed request of a signed operation that is allowed. */
  request?: string | undefined;
  rid: string;
  op: ServiceOperation;
  /** `allow` before it is carried out, or `deny:<problem code>`. */
  dec: string;
  rec?: string | undefined;
  pur?: string | undefined;
  case?: string | undefined;
  /** How many records it is about. */
  cnt: number;
};
