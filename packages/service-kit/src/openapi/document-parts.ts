export {
  PROBLEM,
  RefusedLine,
  json,
  jsonBody,
  ndjson,
  ndjsonBody,
  register,
  text,
} from './answers.ts';
export { operationPaths } from './operation-paths.ts';
export { IdempotencyKey, Instant, RecordPath, TenantPath, Uuid } from './parameters.ts';

/** How every service of ours is called: by both at once. */
export const SECURITY: {
  security: Record<string, string[]>[];
  components: {
    securitySchemes: Record<string, { type: 'mutualTLS' } | HttpScheme>;
  };
} = {
  security: [{ mutualTls: [], accessToken: [] }],
  components: {
    securitySchemes: {
      mutualTls: { type: 'mutualTLS' },
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'RFC 9068, bound to the certificate',
      },
    },
  },
};

type HttpScheme = { type: 'http'; scheme: string; bearerFormat: string };
