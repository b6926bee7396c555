import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartupError } from '@mnv/service-kit';
import { z } from 'zod';
import { openMail } from './deliver-by-mail.ts';
import { openWebhook } from './deliver-by-webhook.ts';
import type { ReminderChannel } from './reminder.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);
const PREFIX = 'DISPOSAL_REMINDER';

/** Settings of reminders; without any of them nobody is reminded, and tasks are seen by looking. */
export const REMINDER_SETTINGS = {
  /** Takes signed reminders. HTTPS alone, in every profile. */
  DISPOSAL_REMINDER_WEBHOOK_URL: z.url({ protocol: /^https$/ }).optional(),
  DISPOSAL_REMINDER_WEBHOOK_CA_FILE: z.string().min(1).optional(),
  /** Signs them: Ed25519, of its own, so that a reminder can never be taken for a certificate. */
  DISPOSAL_REMINDER_KEY_FILE: z.string().min(1).optional(),
  DISPOSAL_REMINDER_SMTP_HOST: z.string().min(1).optional(),
  DISPOSAL_REMINDER_SMTP_PORT: z.coerce.number().int().min(1).max(65_535).default(465),
  DISPOSAL_REMINDER_SMTP_TLS: z.enum(['implicit', 'starttls', 'none']).default('implicit'),
  DISPOSAL_REMINDER_SMTP_USER: z.string().min(1).optional(),
  DISPOSAL_REMINDER_SMTP_PASSWORD_FILE: z.string().min(1).optional(),
  DISPOSAL_REMINDER_SMTP_CA_FILE: z.string().min(1).optional(),
  DISPOSAL_REMINDER_FROM: z.email().optional(),
  DISPOSAL_REMINDER_TO: z.email().optional(),
};

const Schema = z.object({
  ...REMINDER_SETTINGS,
  PROFILE: z.enum(['development', 'production']),
  DISPOSAL_DEPLOYMENT: z.string(),
});
export type ReminderSettings = z.infer<typeof Schema>;

/** Opens the one way to people that is set; undefined where none is. Throws StartupError. */
export function openReminderChannel(settings: ReminderSettings): ReminderChannel | undefined {
  const { DISPOSAL_REMINDER_WEBHOOK_URL: url, DISPOSAL_REMINDER_SMTP_HOST: host } = settings;
  if (url !== undefined && host !== undefined)
    throw new StartupError(
      [`${PREFIX}_WEBHOOK_URL`, `${PREFIX}_SMTP_HOST`],
      'only one way to people may be set: each reminder is sent once',
    );
  if (url !== undefined) return webhook(url, settings);
  return host === undefined ? undefined : mail(host, settings);
}

function webhook(url: string, settings: ReminderSettings): ReminderChannel {
  const keyFile = required(settings, 'DISPOSAL_REMINDER_KEY_FILE');
  const signingKey = createPrivateKey(readFileSync(keyFile));
  if (signingKey.asymmetricKeyType !== 'ed25519')
    throw new StartupError(['DISPOSAL_REMINDER_KEY_FILE'], 'is not an Ed25519 key');
  const ca = textIn(settings.DISPOSAL_REMINDER_WEBHOOK_CA_FILE);
  return openWebhook({ url, ca, signingKey, deployment: settings.DISPOSAL_DEPLOYMENT });
}

function mail(host: string, settings: ReminderSettings): ReminderChannel {
  const { DISPOSAL_REMINDER_SMTP_USER: user, DISPOSAL_REMINDER_SMTP_TLS: tls } = settings;
  const isBare = user === undefined || tls === 'none';
  if (isBare && !(settings.PROFILE === 'development' && LOOPBACK.has(host)))
    throw new StartupError(
      [`${PREFIX}_SMTP_USER`, `${PREFIX}_SMTP_TLS`],
      'a mail server is signed in to over TLS, unless it is on this machine in development',
    );
  const passwordFile = user && required(settings, 'DISPOSAL_REMINDER_SMTP_PASSWORD_FILE');
  return openMail({
    host,
    port: settings.DISPOSAL_REMINDER_SMTP_PORT,
    tls,
    login:
      user === undefined || passwordFile === undefined
        ? undefined
        : { user, password: readFileSync(passwordFile, 'utf8').trim() },
    ca: textIn(settings.DISPOSAL_REMINDER_SMTP_CA_FILE),
    from: required(settings, 'DISPOSAL_REMINDER_FROM'),
    to: required(settings, 'DISPOSAL_REMINDER_TO'),
    deployment: settings.DISPOSAL_DEPLOYMENT,
  });
}

function required(settings: ReminderSettings, name: keyof ReminderSettings): string {
  const value = settings[name];
  if (typeof value === 'string') return value;
  throw new StartupError([name], 'is needed for reminders');
}

function textIn(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}
