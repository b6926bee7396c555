import { createDocument } from 'zod-openapi';
import { openApi } from '@mnv/service-kit';
import { disposalPaths } from './disposal-paths.ts';
import { lawPaths } from './law-paths.ts';
import { registerPaths } from './register-paths.ts';
import { refusalPaths } from './refusal-paths.ts';
import { retentionPaths } from './retention-paths.ts';

/** The public surface as OpenAPI 3.1, served at `/openapi.json`. */
export function openApiDocument(): object {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'mynumber-vault disposal', version: '1' },
    ...openApi.SECURITY,
    paths: {
      ...disposalPaths,
      ...retentionPaths,
      ...lawPaths,
      ...registerPaths,
      ...refusalPaths,
      ...openApi.operationPaths,
    },
  });
}
