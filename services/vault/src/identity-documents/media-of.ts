import type { DocumentMedia } from '@mnv/core';

const BEGINNINGS: readonly [DocumentMedia, Buffer][] = [
  ['image/jpeg', Buffer.from('ffd8ff', 'hex')],
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['application/pdf', Buffer.from('%PDF-', 'latin1')],
];

/**
 * What the first bytes say it is; undefined for anything else. Nothing behind them is looked at: a copy is kept
 * and given back as it came, and never decoded here.
 */
export function mediaOf(content: Uint8Array): DocumentMedia | undefined {
  return BEGINNINGS.find(([, first]) => first.equals(content.subarray(0, first.length)))?.[0];
}
