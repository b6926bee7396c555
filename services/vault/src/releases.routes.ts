import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isTenantId, isUuid } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from './answer-within.ts';
import type { RequireRight } from './person.ts';
import { PersonEvidence } from './person.ts';
import type { RememberedRelease } from './release-history.repository.ts';

const Body = z.strictObject({
  ...PersonEvidence,
  tenantId: z.string().refine(isTenantId),
  after: z.strictObject({ day: z.iso.date(), rid: z.string().refine(isUuid) }).optional(),
});
const BEGINNING = { day: '2000-01-01', rid: '00000000-0000-0000-0000-000000000000' };

/**
 * What the vault itself remembers of its releases: the same entries the tenant's log must hold, so whoever may
 * read the log may compare it with them. For the access proxy only.
 */
export function releaseRoutes(deps: {
  requireRight: RequireRight;
  readReleases(tenantId: string, after: { day: string; rid: string }): Promise<RememberedRelease[]>;
}): Router {
  return Router().post('/internal/releases/read', jsonBody(), async (req, res) => {
    const parsed = Body.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    const { tenantId, after = BEGINNING, ...evidence } = parsed.data;
    await deps.requireRight(evidence, { scope: 'log:read', tenantId });
    const releases = await answerWithin(deadlineOf(1), deps.readReleases(tenantId, after));
    const last = releases.at(-1);
    res.json({
      releases: releases.map((one) => releaseLine(one)),
      ...(last && { next: { day: last.day, rid: last.rid } }),
    });
  });
}

function releaseLine({ entries, at, ...rest }: RememberedRelease) {
  return {
    ...rest,
    entries: entries.map((entry) => Buffer.from(entry).toString('base64')),
    at: at.toISOString(),
  };
}
