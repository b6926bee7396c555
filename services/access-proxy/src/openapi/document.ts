import { createDocument } from 'zod-openapi';
import { administrationPaths } from './administration-paths.ts';
import { disclosurePaths } from './disclosure-paths.ts';
import { operationPaths } from './operation-paths.ts';
import { recordPaths } from './record-paths.ts';
import { reviewPaths } from './review-paths.ts';

/** The public surface as OpenAPI 3.1, served at `/openapi.json`. */
export function openApiDocument(): object {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'mynumber-vault access proxy', version: '1' },
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
    paths: {
      ...recordPaths,
      ...disclosurePaths,
      ...reviewPaths,
      ...administrationPaths,
      ...operationPaths,
    },
  });
}
