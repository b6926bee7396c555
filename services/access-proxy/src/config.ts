import { loadSettings, serviceSettings } from '@mnv/service-kit';
import { z } from 'zod';

const Schema = z.object({
  ...serviceSettings('ACCESS_PROXY'),
  ACCESS_PROXY_VAULT_URL: z.url({ protocol: /^https$/ }),
  ACCESS_PROXY_LOG_KEY_FILE: z.string().min(1),
  /** Where entries lie that left the database, as `mynumber log archive` names it, and the archive key. */
  ACCESS_PROXY_ARCHIVE: z.string().min(1).optional(),
  ACCESS_PROXY_ARCHIVE_KEY_FILE: z.string().min(1).optional(),
  /** The deployment's trust policy: its witness lines are the external witnesses of the logs. */
  ACCESS_PROXY_TRUST_POLICY_FILE: z.string().min(1),
  ACCESS_PROXY_WITNESS_CA_FILE: z.string().min(1),
});

/** The settings of the access proxy. Secrets are given as file paths; nothing has a default that decides security. */
export type Settings = ReturnType<typeof settingsOf>;

/** Reads them from the environment. Throws StartupError that names every bad one and shows no value. */
export function settingsOf(env: NodeJS.ProcessEnv) {
  return loadSettings(Schema, env);
}
