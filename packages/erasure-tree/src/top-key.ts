import { u32, lengthPrefixed } from './field-encoding.ts';

const LABEL = Buffer.from('mnv/top/v1', 'latin1');

/** What the seal of a top key under a root version is bound to. */
export function topKeyContext(deployment: string, epoch: number): Buffer {
  return Buffer.concat([LABEL, lengthPrefixed(deployment), u32(epoch)]);
}
