import { z } from 'zod';
import { openApi } from '@mnv/service-kit';

const { PROBLEM, json, ndjson, Instant, TenantPath, Uuid } = openApi;

const Count = z.int().min(0);
const Progress = z.object({
  state: z.enum(['building', 'ready', 'missing']),
  opened: Count,
  of: Count,
});
const Duplicates = z
  .object({
    comparedBefore: Instant.optional(),
    compared: Count,
    count: Count,
    records: z.array(z.object({ recordId: Uuid, holders: Uuid })),
    next: z.string().optional(),
  })
  .meta({
    id: 'Duplicates',
    description:
      'Records with the same holders hold one number for several people. Those stored before comparedBefore were compared; count is over all pages. Never a number.',
  });

/** Numbers that a tenant holds for several people. */
export const duplicatePaths = {
  '/v1/tenants/{tenantId}/records/duplicate-check': {
    post: {
      summary:
        'Before storing many: make the numbers held comparable. Progress line by line, for a minute at most; ask again while the last line says building',
      requestParams: TenantPath,
      responses: { '200': ndjson('How far it is', Progress), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/duplicates': {
    get: {
      summary: 'Records of several people with one number, as the last sweep found them',
      requestParams: {
        ...TenantPath,
        query: z.object({
          cursor: z.string().optional().meta({ description: '"next" of the page before' }),
        }),
      },
      responses: { '200': json('Found', Duplicates), default: PROBLEM },
    },
  },
};
