import { StartupError } from '../startup-error.ts';
import type { Policy } from '@mnv/transparency-log';
import type { Witness } from './witness-client.ts';

/** The witnesses a trust policy names. Throws StartupError when none can be reached: a log needs one. */
export function witnessesOfPolicy(policy: Policy, setting: string): Witness[] {
  const witnesses = [...policy.witnesses].flatMap(([name, { key, url }]) =>
    url === undefined ? [] : [{ name, key, url }],
  );
  if (witnesses.length === 0) {
    throw new StartupError([setting], 'names no external witness with an address');
  }
  if (witnesses.some(({ url }) => !url.startsWith('https://'))) {
    throw new StartupError([setting], 'a witness is reached by https alone');
  }
  return witnesses;
}
