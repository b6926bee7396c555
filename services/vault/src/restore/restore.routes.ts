import { Router } from 'express';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import { jsonBody, peerOf } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import type { HandedMemory } from './hear-memory.ts';
import type { FenceState } from './restore-fence.ts';

const Note = z.string().max(8192);
const MemoryBody = z.strictObject({
  seen: Note.optional(),
  witnesses: z
    .array(
      z.union([
        z.strictObject({ cosigned: Note }),
        z.strictObject({
          name: z.string().min(1).max(80),
          setBack: z.strictObject({ size: z.int().min(0).optional() }),
        }),
      ]),
    )
    .max(32),
});

/** The state of the restore fence, and how the services tell what they and the witnesses remember. */
export function restoreRoutes(deps: {
  state(): Promise<FenceState & { size: number }>;
  /** Keeps what a service says, and looks at once. */
  hear(source: string, memory: HandedMemory): Promise<FenceState>;
}): Router {
  const router = Router();
  router.get('/internal/restore-state', async (_req, res) => {
    res.json(await answerWithin(deadlineOf(1), deps.state()));
  });
  router.post('/internal/control-log/memory', jsonBody(), async (req, res) => {
    const parsed = MemoryBody.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    // Who speaks is what its certificate says: `spiffe://<deployment>/service/<name>`.
    const source = peerOf(req).uri.split('/').at(-1) ?? '';
    res.json(await answerWithin(deadlineOf(1), deps.hear(source, parsed.data)));
  });
  return router;
}
