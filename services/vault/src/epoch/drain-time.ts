import { StartupError } from '@mnv/service-kit';

const SETTING = 'VAULT_DRAIN_SECONDS';
/** Reads that began before a freeze are over by then: the proxy writes no number that was asked for 15 s before. */
const DRAIN_S = 18;

/**
 * How long an epoch waits for reads from before its freeze, in milliseconds. In development it may be less, so
 * that a disposal is seen in seconds; there `erasure.fenced` says less than it does elsewhere.
 * Throws StartupError for any such wish outside development.
 */
export function drainTime({
  profile,
  seconds,
}: {
  profile: 'development' | 'production';
  seconds: number | undefined;
}): number {
  if (seconds === undefined) return DRAIN_S * 1000;
  if (profile !== 'development')
    throw new StartupError([SETTING], 'reads are waited for in full outside development');
  return seconds * 1000;
}
