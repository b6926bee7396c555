import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import { digestOfJson } from '@mnv/protocol';
import { answer, jsonBody, writeLine } from '@mnv/service-kit';
import type { Acting } from '../retention-act.ts';
import { VIEW, actingOf } from '../retention-act.ts';
import type { AdoptionRouteDependencies } from './adoptions.routes.ts';
import type { NamedLaw } from './law-in-use.ts';
import { MAX_LAW_BYTES, readLaw } from './read-law.ts';
import type { LawSimulation } from './simulate-law.ts';
import { simulateLaw } from './simulate-law.ts';

const Named = z.strictObject({ table: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** The law table in use, and what another one would do. */
export function lawRoutes(deps: AdoptionRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention/law';
  return Router()
    .get(
      base,
      answer(async (req, res) => {
        const { caller, tenantId } = actingOf(req, res);
        await deps.recordAct(caller, { ...VIEW, tenantId });
        return { body: (await deps.lawInUse(tenantId)).law };
      }),
    )
    .post(`${base}/simulations`, jsonBody({ maxBytes: MAX_LAW_BYTES }), (req, res) =>
      simulate(req, res, deps),
    );
}

/** A table that is only tried leaves nothing; one that was loaded leaves what people then sign. */
async function simulate(
  req: Request,
  res: Response,
  deps: AdoptionRouteDependencies,
): Promise<void> {
  const acting = actingOf(req, res);
  const { caller, tenantId } = acting;
  const named = Named.safeParse(req.body);
  const tried = named.success ? undefined : readLaw(req.body);
  const operation = named.success ? 'change-retention' : 'view-retention';
  await deps.recordAct(caller, { operation, tenantId });
  const loaded = named.success ? await deps.findLaw(tenantId, named.data.table) : undefined;
  const law = tried ?? loaded?.law;
  if (law === undefined) throw new Refusal('not-found', 'There is no such table.');
  const current = await deps.lawInUse(tenantId);
  res.type('application/x-ndjson');
  const order = { law, current: current.law, today: deps.today() };
  for await (const line of simulateLaw(deps.simulationOf(tenantId), order)) {
    const kept =
      'simulation' in line && loaded
        ? await keep(acting, deps, { loaded, current, simulation: line.simulation })
        : {};
    await writeLine(res, `${JSON.stringify({ ...line, ...kept })}\n`);
  }
  res.end();
}

async function keep(
  acting: Acting,
  { keepSimulation, today }: AdoptionRouteDependencies,
  made: { loaded: NamedLaw; current: NamedLaw; simulation: LawSimulation },
): Promise<{ simulationId: string; table: string; digest: string }> {
  const { simulation } = made;
  const named = {
    simulationId: randomUUID(),
    table: made.loaded.digest,
    digest: digestOfJson(simulation),
  };
  await keepSimulation(acting, {
    ...named,
    inUse: made.current.digest,
    madeOn: today(),
    madeBy: acting.person,
    simulation,
  });
  return named;
}
