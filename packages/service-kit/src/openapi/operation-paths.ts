import { z } from 'zod';
import { PROBLEM, json, text } from './answers.ts';

const Health = z.object({ status: z.string() });
/** A client certificate is enough; there is nothing of a tenant in the answer. */
const security = [{ mutualTls: [] }];

/** What machines that run the service ask. */
export const operationPaths = {
  '/health/live': {
    get: {
      summary: 'Whether the process answers',
      security,
      responses: { '200': json('Live', Health) },
    },
  },
  '/health/ready': {
    get: {
      summary: 'Whether it can work',
      security,
      responses: { '200': json('Ready', Health), '503': json('Not ready', Health) },
    },
  },
  '/metrics': {
    get: {
      summary: 'Metrics of the process, for services of the deployment',
      security,
      responses: { '200': text('Prometheus', 'text/plain'), default: PROBLEM },
    },
  },
  '/openapi.json': {
    get: {
      summary: 'This description',
      security,
      responses: { '200': json('OpenAPI 3.1', z.looseObject({ openapi: z.string() })) },
    },
  },
};
