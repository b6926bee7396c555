import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isTenantId, isUuid } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import type { RestoreFence } from '../restore/restore-fence.ts';
import type { StoredHolds } from './stored-holds.ts';

/** Five holds of a hundred individuals, whose keys may take four bytes a character. */
const MAX_BYTES = 256 * 1024;

const Uuid = z.string().refine(isUuid);
const Told = z.strictObject({
  tenantId: z.string().refine(isTenantId),
  living: z
    .array(
      z.strictObject({
        holdId: Uuid,
        individuals: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
      }),
    )
    .max(5),
  lifted: z.array(Uuid).max(500),
});
const All = z.strictObject({ complete: z.literal(true) });

/**
 * Legal holds, told by the disposal service, which keeps them and what people signed for each. They keep copies of
 * identity documents and do nothing else here: who tells a false one can keep copies longer, and purge none earlier
 * than their day.
 */
export function legalHoldRoutes({
  holds,
  fence,
}: {
  holds: StoredHolds;
  fence: Pick<RestoreFence, 'whenOpen'>;
}): Router {
  const tell = fence.whenOpen(({ tenantId, ...told }: z.infer<typeof Told>) =>
    holds.keep(tenantId, told),
  );
  const told = fence.whenOpen(() => holds.keepTold());
  return Router()
    .post('/internal/legal-holds', jsonBody({ maxBytes: MAX_BYTES }), async (req, res) => {
      const body = wellFormed(Told, req.body);
      const known = await answerWithin(deadlineOf(1), tell(body));
      if (!known) throw new Refusal('not-found', 'There is no such tenant.');
      res.json({ told: body.living.length + body.lifted.length });
    })
    .post('/internal/legal-holds/all', jsonBody(), async (req, res) => {
      wellFormed(All, req.body);
      await answerWithin(deadlineOf(1), told());
      res.json({ complete: true });
    });
}

function wellFormed<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
  return parsed.data;
}
