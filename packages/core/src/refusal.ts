/** Every reason a caller may be shown. A new code without a status and a title does not compile. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-json': { status: 400, title: 'The body is not one well-formed JSON value' },
  'token-required': { status: 401, title: 'An access token is required' },
  'token-invalid': { status: 401, title: 'The access token is not valid' },
  'request-signature-invalid': { status: 401, title: 'The signed request is not valid' },
  'sign-in-stale': { status: 401, title: 'The person must sign in anew' },
  'scope-missing': { status: 403, title: 'The access token lacks the scope' },
  'operator-required': { status: 403, title: 'A person must be named' },
  'assignment-missing': { status: 403, title: 'The operator is not assigned to this work' },
  'training-expired': { status: 403, title: 'The operator has no valid training' },
  'purpose-unknown': { status: 403, title: 'The purpose is not on the statutory list' },
  'purpose-not-permitted': { status: 403, title: 'Not permitted for this purpose' },
  'out-of-season': { status: 403, title: 'The purpose is not exercised at this time' },
  'not-permitted': { status: 403, title: 'Not permitted' },
  'not-found': { status: 404, title: 'Not found' },
  'document-not-found': { status: 404, title: 'No such copy of a document' },
  'record-not-found': { status: 404, title: 'No such record' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'record-superseded': { status: 409, title: 'Another record holds the number now' },
  'record-not-superseded': { status: 409, title: 'The record holds the number that is in use' },
  'record-exists': { status: 409, title: 'A living record exists for this individual' },
  'request-replayed': { status: 409, title: 'The request was used before' },
  'idempotency-in-flight': { status: 409, title: 'The same request is still being worked on' },
  'checkpoint-unproven': { status: 409, title: 'The checkpoint is not proven consistent' },
  'event-unknown': { status: 404, title: 'No such event' },
  'event-contradicts': { status: 409, title: 'The event contradicts what was told before' },
  'event-differs': { status: 409, title: 'The event was told before with other contents' },
  'second-person-required': { status: 403, title: 'A second person is required' },
  'decision-made': { status: 409, title: 'The decision was made' },
  'documents-full': { status: 409, title: 'The record has as many copies as it may have' },
  'certificate-undelivered': { status: 409, title: 'The certificate was not handed out yet' },
  'law-conflict': { status: 409, title: 'The law table cannot be taken as it is' },
  'simulation-stale': { status: 409, title: 'The simulation no longer holds' },
  held: { status: 409, title: 'A legal hold covers a record' },
  'too-late': { status: 409, title: 'Too late' },
  'dry-run-stale': { status: 409, title: 'The dry run no longer holds' },
  'disposal-conflict': { status: 409, title: 'The disposal or a record of it is taken otherwise' },
  'disposal-closed': { status: 409, title: 'The disposal is not in a state for this' },
  'batch-mismatch': { status: 409, title: 'The signed batch is another one' },
  'approver-repeated': { status: 409, title: 'The person has spoken for this disposal already' },
  'approvals-missing': { status: 409, title: 'Two valid approvals are needed' },
  'cap-exceeded': { status: 409, title: 'More than one epoch may erase' },
  'tenant-exists': { status: 409, title: 'The tenant exists with other data' },
  'already-disposed': { status: 410, title: 'The number has been disposed of' },
  'document-purged': { status: 410, title: 'The copy of the document has been purged' },
  'not-acceptable': { status: 406, title: 'The answer has no such form' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'media-type-unsupported': { status: 415, title: 'The media type is not supported' },
  'individual-number-invalid': { status: 422, title: 'Not a valid Individual Number' },
  'number-unchanged': { status: 422, title: 'The record holds this number already' },
  'event-impossible': { status: 422, title: 'The event cannot have happened' },
  'idempotency-mismatch': {
    status: 422,
    title: 'The idempotency key was used for another request',
  },
  'record-damaged': { status: 500, title: 'The stored record does not open' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'log-unavailable': { status: 503, title: 'The access log cannot take the entry' },
  'log-forked': { status: 503, title: 'The access log contradicts what was seen before' },
  'vault-unavailable': { status: 503, title: 'The vault cannot answer' },
  'vault-restoring': { status: 503, title: 'The vault is being restored' },
  'issuer-unavailable': { status: 503, title: 'The keys of the issuer are not known' },
  'database-unavailable': { status: 503, title: 'The database cannot answer' },
  overloaded: { status: 503, title: 'Too much work is waiting' },
  'deadline-exceeded': { status: 503, title: 'The deadline has passed' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Whether a text is one of our problem codes, for reading another service's answer. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

/** What a problem names beside its code: random ids of the tenant's own. */
export type ProblemFacts = { readonly supersededBy?: string };

/** A refusal the caller may see. `detail` is sent as written: it never quotes input or stored data. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, detail: string, facts: ProblemFacts = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }
}
