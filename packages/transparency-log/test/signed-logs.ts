import type { KeyObject } from 'node:crypto';
import {
  cosigner,
  formatCheckpoint,
  newLogKey,
  newWitnessKey,
  noteSigner,
  signNote,
} from '../src/index.ts';
import type { Cosigner, NoteSigner } from '../src/index.ts';
import { grownLog } from './grown-log.ts';

/** A log with its key, and its checkpoint note at a size. */
export type SignedLog = {
  origin: string;
  vkey: string;
  privateKey: KeyObject;
  signer: NoteSigner;
  checkpointAt(size: number): string;
};

export function signedLog(origin: string): SignedLog {
  const { privateKey, vkey } = newLogKey(origin);
  const signer = noteSigner(origin, privateKey);
  function checkpointAt(size: number): string {
    return signNote(formatCheckpoint({ origin, size, root: grownLog(size).root }), [signer]);
  }
  return { origin, vkey, privateKey, signer, checkpointAt };
}

export function newWitness(name: string): Cosigner & { vkey: string; privateKey: KeyObject } {
  const { privateKey, vkey } = newWitnessKey(name);
  return { ...cosigner(name, privateKey), vkey, privateKey };
}
