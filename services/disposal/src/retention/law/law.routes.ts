import { Router } from 'express';
import type { Request, Response } from 'express';
import type { Law, LawData } from '@mnv/bango-ho';
import { LAW, LawError, loadLaw } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { answer, jsonBody, writeLine } from '@mnv/service-kit';
import type { RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf } from '../retention-act.ts';
import type { SimulationDependencies } from './simulate-law.ts';
import { simulateLaw } from './simulate-law.ts';

const MAX_LAW_BYTES = 1_048_576;
const MAX_PLACES = 5;

export type LawRouteDependencies = RetentionRouteDependencies & {
  simulationOf(tenantId: string): SimulationDependencies;
};

/** The law table in use, and what another version of it would do. */
export function lawRoutes(deps: LawRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention/law';
  return Router()
    .get(
      base,
      answer(async (req, res) => {
        const { caller, tenantId } = actingOf(req, res);
        await deps.recordAct(caller, { ...VIEW, tenantId });
        return { body: LAW };
      }),
    )
    .post(`${base}/simulations`, jsonBody({ maxBytes: MAX_LAW_BYTES }), (req, res) =>
      simulate(req, res, deps),
    );
}

async function simulate(req: Request, res: Response, deps: LawRouteDependencies): Promise<void> {
  const { caller, tenantId } = actingOf(req, res);
  const law = loadOther(req.body);
  await deps.recordAct(caller, { ...VIEW, tenantId });
  res.type('application/x-ndjson');
  const lines = simulateLaw(deps.simulationOf(tenantId), {
    law,
    current: LAW,
    today: deps.today(),
  });
  for await (const line of lines) await writeLine(res, `${JSON.stringify(line)}\n`);
  res.end();
}

/** A table from outside. Where it does not hold together the refusal says where, as far as it has the form of one. */
function loadOther(body: unknown): Law {
  try {
    return loadLaw(body as LawData);
  } catch (error) {
    if (error instanceof LawError) {
      const places = error.places.slice(0, MAX_PLACES).map(withoutDigits).join('; ');
      throw new Refusal('invalid-request', `The table does not hold together: ${places}.`);
    }
    if (error instanceof TypeError)
      throw new Refusal('invalid-request', 'Send a law table, as GET …/retention/law gives it.');
    throw error;
  }
}

/** A key of somebody’s table could be anything: what could be a number is not repeated. */
function withoutDigits(place: string): string {
  return place.replaceAll(/\p{Nd}{9,}/gu, '…').slice(0, 120);
}
