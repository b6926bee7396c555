import { Router } from 'express';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import { jsonBody, writeLine } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import type { RecordCertificate } from './record-certificate.ts';
import { namedBy } from './disposals.routes.ts';
import type { ShowEvidence } from './evidence.ts';

const CertificateBody = z.strictObject({
  tenantId: z.string(),
  /** SHA-256 of the certificate, base64url. */
  certificate: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
});

/** What certificates are made of, and that one was made. */
export function evidenceRoutes(deps: {
  showEvidence: ShowEvidence;
  recordCertificate: RecordCertificate;
}): Router {
  const router = Router();
  router.get('/internal/disposals/:id/evidence', async (req, res) => {
    const { head, items } = await deps.showEvidence(namedBy(req, req.query['tenantId']));
    res.type('application/x-ndjson');
    await writeLine(res, `${JSON.stringify(head)}\n`);
    for await (const item of items) await writeLine(res, `${JSON.stringify(item)}\n`);
    res.end();
  });
  router.post('/internal/disposals/:id/certificates', jsonBody(), async (req, res) => {
    const parsed = CertificateBody.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    const { tenantId, certificate } = parsed.data;
    const recording = deps.recordCertificate(namedBy(req, tenantId), certificate);
    res.json({ index: await answerWithin(deadlineOf(1), recording) });
  });
  return router;
}
