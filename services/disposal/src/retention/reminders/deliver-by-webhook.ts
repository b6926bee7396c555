import type { KeyObject } from 'node:crypto';
import { Pool } from 'undici';
import type { ReminderChannel } from './reminder.ts';
import { signReminder } from './sign-reminder.ts';

const DEADLINE_MS = 15_000;

/** Hands signed reminders to another system over HTTPS. Anything but 2xx is no taking. */
export function openWebhook({
  url,
  ca,
  signingKey,
  deployment,
}: {
  url: string;
  /** PEM; without it the authorities of the system count. */
  ca: string | undefined;
  signingKey: KeyObject;
  deployment: string;
}): ReminderChannel {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: 1,
    connect: { ...(ca !== undefined && { ca }), minVersion: 'TLSv1.3', timeout: DEADLINE_MS },
  });
  return {
    deliver: async (reminder) => {
      const body = await signReminder(reminder, { deployment, signingKey });
      const { statusCode, body: answer } = await pool.request({
        path: `${pathname}${search}`,
        method: 'POST',
        headers: { 'content-type': 'application/jose', 'idempotency-key': reminder.reminderId },
        body,
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      await answer.dump();
      if (statusCode < 200 || statusCode > 299) throw new Error('the webhook did not take it');
    },
    close: () => pool.destroy(),
  };
}
