import { createServiceClient, jsonBody } from '@mnv/service-kit';
import { ownIdentity, serveBaseline, setting } from './baseline-server.ts';

/** The first of two hops: takes the request of a disclosure and asks the second. No log, crypto or policy. */
const DEADLINE_MS = 1_500;

const identity = ownIdentity();
const back = createServiceClient({
  identity,
  origin: setting('BACK_URL'),
  expectedUri: 'spiffe://local/service/vault',
});

await serveBaseline(
  identity,
  [
    jsonBody(),
    async (req, res) => {
      const answer = await back.json('/internal/rows', req.body, { deadlineMs: DEADLINE_MS });
      res.status(answer.status).json(answer.body);
    },
  ],
  () => back.close(),
);
