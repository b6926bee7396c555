import { createTransport } from 'nodemailer';
import type { Reminder, ReminderChannel } from './reminder.ts';
import { wordsOf } from './reminder.ts';

const DEADLINE_MS = 15_000;

export type MailRoute = {
  host: string;
  port: number;
  /** From the first byte, by STARTTLS or not at all, or none: on the same machine, in development. */
  tls: 'implicit' | 'starttls' | 'none';
  login: { user: string; password: string } | undefined;
  ca: string | undefined;
  from: string;
  to: string;
  deployment: string;
};

/** Hands reminders to a mail server, in Japanese and English. The same reminder has the same Message-ID. */
export function openMail(route: MailRoute): ReminderChannel {
  const { host, port, tls, login, ca, from, to, deployment } = route;
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.3', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: DEADLINE_MS,
    greetingTimeout: DEADLINE_MS,
    socketTimeout: DEADLINE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    deliver: async (reminder) => {
      await transport.sendMail({
        from,
        to,
        messageId: `<${reminder.reminderId}@${deployment}>`,
        textEncoding: 'base64',
        headers: { 'Auto-Submitted': 'auto-generated' },
        subject: `[mynumber-vault] ${reminder.tenantId}: ${wordsOf(reminder.topic)} ${reminder.count} 件`,
        text: textOf(reminder, deployment),
      });
    },
    close: () => {
      transport.close();
      return Promise.resolve();
    },
  };
}

function textOf({ tenantId, topic, count, openedOn, round }: Reminder, deployment: string): string {
  return [
    `${wordsOf(topic)}が ${count} 件あります（${openedOn} から）。`,
    ...(round > 0 ? [`${round + 1} 回目のお知らせです。`] : []),
    `mynumber retention tasks --tenant ${tenantId} で内容を確認してください。`,
    'このメールに個人番号や個人を示す情報は含まれていません。返信はできません。',
    '',
    `Waiting at ${deployment}: ${topic}, ${count}, since ${openedOn}. See mynumber retention tasks.`,
    '',
  ].join('\n');
}
