import { loadSettings } from '@mnv/service-kit';
import { z } from 'zod';

const Schema = z.object({
  PROFILE: z.enum(['development', 'production']).default('production'),
  ACCESS_PROXY_DEPLOYMENT: z.string().regex(/^[a-z][a-z0-9.-]{0,62}$/),
  ACCESS_PROXY_HOST: z.string().min(1).default('127.0.0.1'),
  ACCESS_PROXY_PORT: z.coerce.number().int().min(0).max(65535),
  ACCESS_PROXY_DATABASE_URL: z.string().min(1),
  /** What the database may grow to, in GiB. New work is refused at 95 % of it. */
  ACCESS_PROXY_DATABASE_BUDGET_GIB: z.coerce.number().positive(),
  /** Authority of the database's certificate; only a database on this machine needs none. */
  ACCESS_PROXY_DATABASE_CA_FILE: z.string().min(1).optional(),
  ACCESS_PROXY_CERTIFICATE_FILE: z.string().min(1),
  ACCESS_PROXY_KEY_FILE: z.string().min(1),
  ACCESS_PROXY_CA_FILE: z.string().min(1),
  ACCESS_PROXY_VAULT_URL: z.url({ protocol: /^https$/ }),
  ACCESS_PROXY_LOG_KEY_FILE: z.string().min(1),
  /** Where entries lie that left the database, as `mynumber log archive` names it, and the archive key. */
  ACCESS_PROXY_ARCHIVE: z.string().min(1).optional(),
  ACCESS_PROXY_ARCHIVE_KEY_FILE: z.string().min(1).optional(),
  /** The deployment's trust policy: its witness lines are the external witnesses of the logs. */
  ACCESS_PROXY_TRUST_POLICY_FILE: z.string().min(1),
  ACCESS_PROXY_WITNESS_CA_FILE: z.string().min(1),
  ACCESS_PROXY_ISSUER: z.url({ protocol: /^https$/ }),
  ACCESS_PROXY_JWKS_URL: z.url({ protocol: /^https$/ }),
  ACCESS_PROXY_ISSUER_CA_FILE: z.string().min(1),
  ACCESS_PROXY_AUDIENCE: z.string().min(1).default('mynumber-vault'),
});

/** The settings of the access proxy. Secrets are given as file paths; nothing has a default that decides security. */
export type Settings = ReturnType<typeof settingsOf>;

/** Reads them from the environment. Throws StartupError that names every bad one and shows no value. */
export function settingsOf(env: NodeJS.ProcessEnv) {
  return loadSettings(Schema, env);
}
