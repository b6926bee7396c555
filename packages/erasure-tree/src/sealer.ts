import type { KeyObject } from 'node:crypto';
import type { NodeIdentity } from './node-blob.ts';
import { openNode, sealNode } from './node-blob.ts';

/** The only way node blobs come to be: whoever stands here sees every seal ever made. */
export type Sealer = {
  sealNode(key: KeyObject, identity: NodeIdentity, secrets: Buffer): Buffer;
  openNode(key: KeyObject, identity: NodeIdentity, blob: Buffer): Buffer;
};

export const nodeSealer: Sealer = { sealNode, openNode };
