import type { KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import type { Reminder } from './reminder.ts';

const TYPE = 'mnv-reminder+jws';

/**
 * A reminder as a compact JWS (EdDSA) of this service's reminder key. Payload:
 * `{v:1, deployment, iat, reminderId, tenantId, topic, count, openedOn, round}`, `iat` in seconds; the same
 * `reminderId` is the same reminder.
 */
export function signReminder(
  reminder: Reminder,
  { deployment, signingKey }: { deployment: string; signingKey: KeyObject },
): Promise<string> {
  const payload = { v: 1, deployment, iat: Math.floor(Date.now() / 1000), ...reminder };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE })
    .sign(signingKey);
}
