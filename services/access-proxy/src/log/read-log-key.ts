import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartupError, readUnder } from '@mnv/service-kit';
import { formatVerifierKey, logVerifierKey } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { newLog } from './open-log.ts';

type KeySettings = { ACCESS_PROXY_DEPLOYMENT: string; ACCESS_PROXY_LOG_KEY_FILE: string };

/**
 * The key that signs the access logs. Throws StartupError unless the trust policy lists it: a checkpoint under
 * another key would be the newest of its log for good, and no vault would release by it.
 */
export function readLogKey(settings: KeySettings, policy: Policy): KeyObject {
  const key = readUnder(['ACCESS_PROXY_LOG_KEY_FILE'], () =>
    createPrivateKey(readFileSync(settings.ACCESS_PROXY_LOG_KEY_FILE)),
  );
  const { origin } = newLog(settings.ACCESS_PROXY_DEPLOYMENT);
  const listed = policy.logKeysOf(origin).map((known) => formatVerifierKey(known));
  if (!listed.includes(logVerifierKey(origin, key))) {
    const reason = 'is not a key that the trust policy lists for the access logs';
    throw new StartupError(['ACCESS_PROXY_LOG_KEY_FILE'], reason);
  }
  return key;
}
