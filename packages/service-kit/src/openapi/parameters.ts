import { z } from 'zod';

export const Uuid = z.uuid();
export const Instant = z.iso.datetime();

export const TenantPath = {
  path: z.object({ tenantId: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/) }),
};
export const RecordPath = { path: TenantPath.path.extend({ recordId: Uuid }) };
export const IdempotencyKey = z.object({
  'Idempotency-Key': z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
});
