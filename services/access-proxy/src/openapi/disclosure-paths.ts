import { z } from 'zod';
import { openApi } from '@mnv/service-kit';

const { PROBLEM, RefusedLine, json, jsonBody, ndjson, ndjsonBody, TenantPath, Uuid } = openApi;

export const SignedRequest = z.object({
  'Mynumber-Request': z.string().max(2048).meta({
    description:
      'Compact JWS (ES256, or PS256 for RSA keys) by the key of the client certificate, typ "mnv-request+jws", over {v,rid,iat,ten,op,pur,case,n,ids}.',
  }),
});
export const Receipt = z
  .object({
    first: z.int(),
    n: z.int(),
    entries: z.array(z.base64()),
    proof: z.array(z.base64()),
    checkpoint: z.string(),
  })
  .meta({
    id: 'Receipt',
    description: 'Entries, range proof and signed checkpoint; verifiable offline.',
  });
const Disclosed = { recordId: Uuid, individualNumber: z.string(), index: z.int() };
const Disclosure = z.object({ ...Disclosed, receipt: Receipt }).meta({ id: 'Disclosure' });
const Chunk = z.object({ request: z.string().max(2048), recordIds: z.array(Uuid).min(1).max(500) });
const DisclosedLine = z.union([
  z.object(Disclosed),
  RefusedLine.extend({ recordId: Uuid }),
  z.object({ rid: Uuid, receipt: Receipt }),
  RefusedLine,
]);

/** Disclosing numbers: nothing leaves without an entry of the tenant's log. */
export const disclosurePaths = {
  '/v1/tenants/{tenantId}/disclosures': {
    post: {
      summary: 'Disclose one number',
      requestParams: { ...TenantPath, header: SignedRequest },
      requestBody: jsonBody(z.object({ recordId: Uuid })),
      responses: { '200': json('Disclosed', Disclosure), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/disclosures/batch': {
    post: {
      summary: 'Disclose many: one signed chunk of up to 500 ids a line',
      requestParams: TenantPath,
      requestBody: ndjsonBody(Chunk),
      responses: {
        '200': ndjson(
          'For each chunk a line per record, then {"rid","receipt"}; or one problem',
          DisclosedLine,
        ),
        default: PROBLEM,
      },
    },
  },
};
