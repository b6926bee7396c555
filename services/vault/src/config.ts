import { loadSettings, serviceSettings } from '@mnv/service-kit';
import { z } from 'zod';

const Schema = z.object({
  ...serviceSettings('VAULT'),
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
  /** Names this process among all vaults of the deployment; by default its machine and port do. */
  VAULT_INSTANCE: z.string().min(1).max(200).optional(),
  /** How long an old root version is kept after an epoch, in hours. */
  VAULT_ROOT_GRACE_HOURS: z.coerce.number().min(0).default(168),
  /** One epoch erases at most this share of a tenant's living records, or this many, whichever is more. */
  VAULT_EPOCH_CAP_PERCENT: z.coerce.number().min(0).max(100).default(10),
  VAULT_EPOCH_CAP_RECORDS: z.coerce.number().int().min(1).default(1000),
  /** Development alone: how long an epoch waits for reads from before its freeze. */
  VAULT_DRAIN_SECONDS: z.coerce.number().min(0).max(18).optional(),
});

/** The settings of the vault. Secrets are given as file paths; nothing has a default that decides security. */
export type Settings = ReturnType<typeof settingsOf>;

/** Reads them from the environment. Throws StartupError that names every bad one and shows no value. */
export function settingsOf(env: NodeJS.ProcessEnv) {
  return loadSettings(Schema, env);
}
