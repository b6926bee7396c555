import { loadSettings } from '@mnv/service-kit';
import { z } from 'zod';

const Schema = z.object({
  PROFILE: z.enum(['development', 'production']).default('production'),
  DISPOSAL_DEPLOYMENT: z.string().regex(/^[a-z][a-z0-9.-]{0,62}$/),
  DISPOSAL_HOST: z.string().min(1).default('127.0.0.1'),
  DISPOSAL_PORT: z.coerce.number().int().min(0).max(65535),
  DISPOSAL_DATABASE_URL: z.string().min(1),
  /** What the database may grow to, in GiB. New work is refused at 95 % of it. */
  DISPOSAL_DATABASE_BUDGET_GIB: z.coerce.number().positive(),
  /** Authority of the database's certificate; only a database on this machine needs none. */
  DISPOSAL_DATABASE_CA_FILE: z.string().min(1).optional(),
  DISPOSAL_CERTIFICATE_FILE: z.string().min(1),
  DISPOSAL_KEY_FILE: z.string().min(1),
  DISPOSAL_CA_FILE: z.string().min(1),
  DISPOSAL_PROXY_URL: z.url({ protocol: /^https$/ }),
  DISPOSAL_VAULT_URL: z.url({ protocol: /^https$/ }),
  /** Signs the disposal certificates: Ed25519, listed in the trust policy. */
  DISPOSAL_SIGNING_KEY_FILE: z.string().min(1),
  /** The deployment's trust policy: by it the vault's control log is known, and this service's own key. */
  DISPOSAL_TRUST_POLICY_FILE: z.string().min(1),
  DISPOSAL_WITNESS_CA_FILE: z.string().min(1),
  DISPOSAL_ISSUER: z.url({ protocol: /^https$/ }),
  DISPOSAL_JWKS_URL: z.url({ protocol: /^https$/ }),
  DISPOSAL_ISSUER_CA_FILE: z.string().min(1),
  DISPOSAL_AUDIENCE: z.string().min(1).default('mynumber-vault'),
});

/** The settings of the disposal service. Secrets are given as file paths; nothing has a default that decides security. */
export type Settings = ReturnType<typeof settingsOf>;

/** Reads them from the environment. Throws StartupError that names every bad one and shows no value. */
export function settingsOf(env: NodeJS.ProcessEnv) {
  return loadSettings(Schema, env);
}
