import { readFileSync } from 'node:fs';
import type { Policy } from '@mnv/transparency-log';
import type { WitnessClient } from './witness-client.ts';
import { createWitnessClient } from './witness-client.ts';
import { witnessesOfPolicy } from './witnesses-of-policy.ts';

/** The way to every witness of the policy. Throws StartupError when it names none that can be reached. */
export function openWitnesses(
  policy: Policy,
  { setting, caFile }: { setting: string; caFile: string },
): WitnessClient[] {
  const ca = readFileSync(caFile, 'utf8');
  return witnessesOfPolicy(policy, setting).map((witness) => createWitnessClient(witness, ca));
}
