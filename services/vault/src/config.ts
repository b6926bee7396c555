import { loadSettings } from '@mnv/service-kit';
import { z } from 'zod';

const Schema = z.object({
  PROFILE: z.enum(['development', 'production']).default('production'),
  VAULT_DEPLOYMENT: z.string().regex(/^[a-z][a-z0-9.-]{0,62}$/),
  VAULT_HOST: z.string().min(1).default('127.0.0.1'),
  VAULT_PORT: z.coerce.number().int().min(0).max(65535),
  VAULT_DATABASE_URL: z.string().min(1),
  /** What the database may grow to, in GiB. New work is refused at 95 % of it. */
  VAULT_DATABASE_BUDGET_GIB: z.coerce.number().positive(),
  /** Authority of the database's certificate; only a database on this machine needs none. */
  VAULT_DATABASE_CA_FILE: z.string().min(1).optional(),
  VAULT_CERTIFICATE_FILE: z.string().min(1),
  VAULT_KEY_FILE: z.string().min(1),
  VAULT_CA_FILE: z.string().min(1),
  VAULT_ROOT_FILE: z.string().min(1),
  VAULT_ROOT_KEY_FILE: z.string().min(1),
  /** The file root keeps keys on this machine's disk: outside development it has to be asked for by name. */
  VAULT_ACCEPT_FILE_ROOT: z.enum(['assurance-none']).optional(),
  /** Signs the checkpoints of the control log: Ed25519, listed in the trust policy. */
  VAULT_CONTROL_KEY_FILE: z.string().min(1),
  /** Two directories or more, with a colon between, on different devices: for the key tree and the control log. */
  VAULT_EXPORT_DIRECTORIES: z
    .string()
    .transform((text) => text.split(':'))
    .refine((list) => list.length >= 2 && new Set(list).size === list.length)
    .refine((list) => list.every((directory) => directory.startsWith('/'))),
  VAULT_LOG_POLICY_FILE: z.string().min(1),
  VAULT_ISSUER: z.url({ protocol: /^https$/ }),
  VAULT_JWKS_URL: z.url({ protocol: /^https$/ }),
  VAULT_ISSUER_CA_FILE: z.string().min(1),
  /** Names this process among all vaults of the deployment; by default its machine and port do. */
  VAULT_INSTANCE: z.string().min(1).max(200).optional(),
  /** How long an old root version is kept after an epoch, in hours. */
  VAULT_ROOT_GRACE_HOURS: z.coerce.number().min(0).default(168),
  /** One epoch erases at most this share of a tenant's living records, or this many, whichever is more. */
  VAULT_EPOCH_CAP_PERCENT: z.coerce.number().min(0).max(100).default(10),
  VAULT_EPOCH_CAP_RECORDS: z.coerce.number().int().min(1).default(1000),
  VAULT_AUDIENCE: z.string().min(1).default('mynumber-vault'),
});

/** The settings of the vault. Secrets are given as file paths; nothing has a default that decides security. */
export type Settings = ReturnType<typeof settingsOf>;

/** Reads them from the environment. Throws StartupError that names every bad one and shows no value. */
export function settingsOf(env: NodeJS.ProcessEnv) {
  return loadSettings(Schema, env);
}
