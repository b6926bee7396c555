import { z } from 'zod';
import { openApi } from '@mnv/service-kit';

const { PROBLEM, Uuid, json, jsonBody } = openApi;

const Fence = z.object({
  state: z.enum(['serving', 'reconciling']),
  reasons: z.array(z.string()),
  size: z.int().min(0),
});
const Count = z.int().min(0);
const Reconciliation = z.object({
  state: z.enum(['proposed', 'reconciled']),
  reason: z.string(),
  findings: z.object({
    living: Count,
    zombies: Count,
    unknown: Count,
    damaged: Count,
    lost: Count,
  }),
  dropped: Count,
});
const KeyTreeExport = z.object({
  name: z.string(),
  epoch: z.int().min(1),
  takenAt: z.iso.datetime(),
  bytes: z.int().min(1),
  nodes: z.int().min(1),
  digest: z.string(),
});

const Rotation = z.object({
  rotationId: Uuid,
  state: z.string().meta({ description: 'waiting, planned … flipped, fenced, done' }),
  epoch: Count.optional(),
  rotatedIndex: Count.optional(),
});

/** What administrators do about exports and restores of the vault. */
export const restorePaths = {
  '/v1/restore': {
    get: {
      summary: 'The restore fence of the vault: why nothing is released, stored or erased',
      responses: { '200': json('State', Fence), default: PROBLEM },
    },
  },
  '/v1/restore/reconciliation': {
    post: {
      summary: 'Reconcile restored records with the key tree: the act of two administrators',
      responses: { '200': json('Proposed, or done', Reconciliation), default: PROBLEM },
    },
  },
  '/v1/key-tree-exports': {
    post: {
      summary: 'Export the key tree to every place and verify it now',
      responses: { '201': json('Exported and verified', KeyTreeExport), default: PROBLEM },
    },
  },
  '/v1/rotations': {
    post: {
      summary: 'Order a rotation: a new root version, and a fresh key for every node',
      requestBody: jsonBody(z.object({ rotationId: Uuid })),
      responses: { '202': json('Ordered', Rotation), default: PROBLEM },
    },
  },
  '/v1/rotations/{rotationId}': {
    get: {
      summary: 'How far a rotation is',
      requestParams: { path: z.object({ rotationId: Uuid }) },
      responses: { '200': json('As it stands', Rotation), default: PROBLEM },
    },
  },
};
