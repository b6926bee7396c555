import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartupError, readUnder } from '@mnv/service-kit';
import { formatVerifierKey, logVerifierKey } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { controlOrigin } from './open-control-log.ts';

type KeySettings = { VAULT_DEPLOYMENT: string; VAULT_CONTROL_KEY_FILE: string };

/**
 * The key that signs the control log. Throws StartupError unless the trust policy lists it: entries under a
 * key that no verifier knows would be lost evidence, and could not be signed again.
 */
export function readControlKey(settings: KeySettings, policy: Policy): KeyObject {
  const key = readUnder(['VAULT_CONTROL_KEY_FILE'], () =>
    createPrivateKey(readFileSync(settings.VAULT_CONTROL_KEY_FILE)),
  );
  const origin = controlOrigin(settings.VAULT_DEPLOYMENT);
  const listed = policy.logKeysOf(origin).map((known) => formatVerifierKey(known));
  if (!listed.includes(logVerifierKey(origin, key))) {
    const reason = 'is not a key that the trust policy lists for the control log';
    throw new StartupError(['VAULT_CONTROL_KEY_FILE'], reason);
  }
  return key;
}
