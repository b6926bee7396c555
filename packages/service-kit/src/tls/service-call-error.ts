import type { ProblemCode } from '@mnv/core';
import { Refusal } from '@mnv/core';

/** No answer came. With `sent` = `never` nothing reached the other side; with `perhaps` it may have acted. */
export class ServiceCallError extends Refusal {
  readonly sent: 'never' | 'perhaps';

  constructor(code: ProblemCode, sent: 'never' | 'perhaps') {
    super(code, 'A service behind this one did not answer in time.');
    this.sent = sent;
  }
}

export const WRONG_SERVICE = 'ERR_WRONG_SERVICE';
/** Only faults of connecting prove that nothing was sent. */
const NEVER_SENT = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  WRONG_SERVICE,
]);

/** Whether a request may have reached the other side before this error. */
export function wasSent(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code !== 'string' || !NEVER_SENT.has(code);
}
