import { Refusal } from '@mnv/core';
import type { Caller, ServiceAnswer } from '@mnv/service-kit';
import { problemCodeOf } from '@mnv/service-kit';

/** What the vault is shown of an administrator: it judges them itself. */
export function evidenceOf({ tokenText, certificate }: Caller) {
  return { token: tokenText, certificate: certificate.toString('base64') };
}

/** The body of what went well. Throws the vault's refusal. */
export function answered({ status, body }: ServiceAnswer): object {
  if (status < 300) return body as object;
  const code = problemCodeOf(body) ?? 'vault-unavailable';
  throw new Refusal(code, (body as { detail?: string } | undefined)?.detail ?? '');
}
