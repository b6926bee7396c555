import { createDocument } from 'zod-openapi';
import { openApi } from '@mnv/service-kit';
import { administrationPaths } from './administration-paths.ts';
import { disclosurePaths } from './disclosure-paths.ts';
import { identityDocumentPaths } from './identity-document-paths.ts';
import { recordPaths } from './record-paths.ts';
import { duplicatePaths } from './duplicate-paths.ts';
import { reviewPaths } from './review-paths.ts';

/** The public surface as OpenAPI 3.1, served at `/openapi.json`. */
export function openApiDocument(): object {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'mynumber-vault access proxy', version: '1' },
    ...openApi.SECURITY,
    paths: {
      ...recordPaths,
      ...disclosurePaths,
      ...identityDocumentPaths,
      ...duplicatePaths,
      ...reviewPaths,
      ...administrationPaths,
      ...openApi.operationPaths,
    },
  });
}
