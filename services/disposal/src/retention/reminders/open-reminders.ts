import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { ReminderChannel } from './reminder.ts';
import type { SendDependencies } from './send-reminders.ts';
import { sendReminders } from './send-reminders.ts';

const LOOK_EVERY_MS = 60_000;

/** Sends reminders, again and again; not started. */
export function openReminders({
  store,
  channel,
  log,
}: {
  store: Pick<SendDependencies, 'listTenants' | 'takeReminder' | 'markSent'>;
  channel: ReminderChannel;
  log: Logger;
}): Repeated {
  const send = () =>
    sendReminders({
      ...store,
      deliver: channel.deliver,
      reportFailed: (tenantId, error) =>
        log.warn('a reminder was not taken', { tenantId, ...safeFacts(error) }),
    });
  const sending = repeatedly(async () => void (await send()), {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: LOOK_EVERY_MS,
    onFault: (error) => log.error('reminders were not sent', safeFacts(error)),
  });
  return {
    start: sending.start,
    stop: async () => {
      await sending.stop();
      await channel.close();
    },
  };
}
