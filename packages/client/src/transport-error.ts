/**
 * Why no answer could be used:
 * `unreachable`: the request never left this process, so nothing happened;
 * `untrusted-server`: the other side did not prove to be the service, nothing was sent;
 * `outcome-unknown`: it was sent, and no complete answer came: it may have been carried out;
 * `answer-invalid`: an answer came that breaks the contract.
 */
export type TransportFailure =
  | 'unreachable'
  | 'untrusted-server'
  | 'outcome-unknown'
  | 'answer-invalid';

const MEANING: Record<TransportFailure, string> = {
  unreachable: 'The service could not be reached; nothing was sent.',
  'untrusted-server': 'The server did not prove to be the service; nothing was sent.',
  'outcome-unknown':
    'The request was sent and no complete answer came; it may have been carried out.',
  'answer-invalid': 'The service answered in a form this client does not accept.',
};

/** No usable answer. Carries only the code of the cause: its text could quote a body. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportFailure;
  readonly causeCode: string | undefined;

  constructor(code: TransportFailure, causeCode?: string) {
    super(causeCode === undefined ? MEANING[code] : `${MEANING[code]} (${causeCode})`);
    this.code = code;
    this.causeCode = causeCode;
  }
}

/** No connection came about, up to the end of the TLS handshake: no request was sent. Never leaves this package. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';

  constructor(cause: Error) {
    super('not connected', { cause });
  }
}

const NOT_THE_SERVICE = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Sorts a failure. Whatever is not certainly before sending counts as sent. */
export function transportErrorFrom(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const code = codeOf(error);
  if (!(error instanceof NotConnectedError)) return new TransportError('outcome-unknown', code);
  const untrusted = code !== undefined && NOT_THE_SERVICE.has(code);
  return new TransportError(untrusted ? 'untrusted-server' : 'unreachable', code);
}

/** The code of an error, of its cause, or of the first of several (one per address tried). */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return codeOf(cause) ?? (Array.isArray(errors) ? codeOf(errors[0]) : undefined);
}
