import type { DeliverReminder, Reminder } from './reminder.ts';

/** So many in a row; the others wait for the next look. */
const MAX_IN_A_ROW = 100;

export type SendDependencies = {
  listTenants(): Promise<string[]>;
  /** Takes one that is due, so that nobody else takes it for a while. */
  takeReminder(tenantId: string): Promise<Reminder | undefined>;
  markSent(tenantId: string, reminderId: string): Promise<void>;
  deliver: DeliverReminder;
  /** Told of each that was not taken; it is tried again, later each time. */
  reportFailed(tenantId: string, error: unknown): void;
};

/**
 * Sends what is due, each once as far as anybody can: it is marked after the other side took it, so a crash in
 * between sends it again, under the same id. Resolves with how many were sent.
 */
export async function sendReminders(deps: SendDependencies): Promise<number> {
  let sent = 0;
  for (const tenantId of await deps.listTenants()) {
    for (let at = 0; at < MAX_IN_A_ROW; at += 1) {
      const reminder = await deps.takeReminder(tenantId);
      if (reminder === undefined) break;
      try {
        await deps.deliver(reminder);
      } catch (error) {
        deps.reportFailed(tenantId, error);
        continue;
      }
      await deps.markSent(tenantId, reminder.reminderId);
      sent += 1;
    }
  }
  return sent;
}
