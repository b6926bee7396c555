import { loadSettings, serviceSettings } from '@mnv/service-kit';
import { z } from 'zod';
import { REMINDER_SETTINGS } from './retention/reminders/reminder-settings.ts';

const Schema = z.object({
  ...serviceSettings('DISPOSAL'),
  DISPOSAL_PROXY_URL: z.url({ protocol: /^https$/ }),
  DISPOSAL_VAULT_URL: z.url({ protocol: /^https$/ }),
  /** Signs the disposal certificates: Ed25519, listed in the trust policy. */
  DISPOSAL_SIGNING_KEY_FILE: z.string().min(1),
  /** The deployment's trust policy: by it the vault's control log is known, and this service's own key. */
  DISPOSAL_TRUST_POLICY_FILE: z.string().min(1),
  DISPOSAL_WITNESS_CA_FILE: z.string().min(1),
  ...REMINDER_SETTINGS,
  /** Development alone: a file that names the legal day. */
  DISPOSAL_LEGAL_DAY_FILE: z.string().min(1).optional(),
});

/** The settings of the disposal service. Secrets are given as file paths; nothing has a default that decides security. */
export type Settings = ReturnType<typeof settingsOf>;

/** Reads them from the environment. Throws StartupError that names every bad one and shows no value. */
export function settingsOf(env: NodeJS.ProcessEnv) {
  return loadSettings(Schema, env);
}
