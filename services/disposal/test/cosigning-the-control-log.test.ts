import { describe, expect, it } from '@jest/globals';
import { openControlCheckpoint } from '@mnv/service-kit';
import type { WitnessWord } from '@mnv/service-kit';
import { cosigner, newWitnessKey, parsePolicy } from '@mnv/transparency-log';
import type { TileLog } from '@mnv/transparency-log';
import { openCosignedLog } from '../src/witness/cosigned-log.ts';
import { ORIGIN, controlKey, writtenControlLog } from './written-control-log.ts';

const NAMES = ['one.example', 'two.example'];
const keys = NAMES.map((name) => ({ name, ...newWitnessKey(name) }));
const NOW = 1_800_000_000;

const policyOf = (quorum: string) =>
  parsePolicy(
    [
      `log ${controlKey.vkey}`,
      ...keys.map(({ name, vkey }) => `witness ${name} ${vkey} https://${name}/`),
      `group both all ${NAMES.join(' ')}`,
      `quorum ${quorum}`,
      '',
    ].join('\n'),
  );

/** The log as it is opened when so many witnesses cosign it. */
async function openedWith(count: number, quorum = 'none') {
  const policy = policyOf(quorum);
  const words = (log: TileLog): WitnessWord[] =>
    keys.slice(0, count).map(({ name, privateKey }) => ({
      cosigned: log.note + cosigner(name, privateKey).cosign(log.note, NOW),
    }));
  return openCosignedLog({
    fetch: await writtenControlLog('a', 'b', 'c'),
    openCheckpoint: (note) => openControlCheckpoint(note, policy.logKeysOf(ORIGIN)),
    policy,
    origin: ORIGIN,
    showWitnesses: (log) => Promise.resolve(words(log)),
  });
}

describe('the control log that a certificate rests on', () => {
  it('carries every cosignature it was given', async () => {
    const { note } = await openedWith(2);
    const { cosigned } = policyOf('both').verify(note, { origin: ORIGIN });
    expect(cosigned.map(({ witness }) => witness)).toEqual(NAMES);
  });

  it('is awaited while no witness has cosigned it, whatever the policy asks for', async () => {
    await expect(openedWith(0)).rejects.toThrow('no witness cosigned');
  });

  it('is awaited while fewer have than the policy asks for, and then goes on', async () => {
    await expect(openedWith(1, 'both')).rejects.toMatchObject({ code: 'quorum-missing' });
    expect((await openedWith(2, 'both')).checkpoint.size).toBe(3);
  });
});
