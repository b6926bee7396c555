import { z } from 'zod';
import { openApi } from '@mnv/service-kit';
import * as of from './law-schemas.ts';

const { PROBLEM, TenantPath, Uuid, json, jsonBody, ndjson } = openApi;
const under = (shape: z.ZodRawShape) => ({ path: TenantPath.path.extend(shape) });
const answers = (status: '200' | '201', description: string, schema: z.ZodType) => ({
  [status]: json(description, schema),
  default: PROBLEM,
});
const BASE = '/v1/tenants/{tenantId}/retention/law';

/** The tables of the law a tenant may compute by, and how two of its people sign one off. */
export const lawPaths = {
  [BASE]: {
    get: {
      summary: 'The law table in use',
      requestParams: TenantPath,
      responses: answers('200', 'The table', of.LawTable),
    },
  },
  [`${BASE}/tables`]: {
    get: {
      summary: 'The tables there are: released with the product, or loaded',
      requestParams: TenantPath,
      responses: answers('200', 'Without their contents', of.LawTables),
    },
    post: {
      summary: 'Load a table; nothing is computed by it yet',
      requestParams: TenantPath,
      requestBody: jsonBody(of.LawTable),
      responses: {
        '200': json('It was there', of.LoadedTable),
        '201': json('Loaded', of.LoadedTable),
        default: PROBLEM,
      },
    },
  },
  [`${BASE}/tables/{digest}`]: {
    get: {
      summary: 'One table',
      requestParams: under({ digest: z.string() }),
      responses: answers('200', 'The table', of.LawTable),
    },
  },
  [`${BASE}/simulations`]: {
    post: {
      summary: 'What another table would do; of a loaded one the result is kept, to be signed',
      requestParams: TenantPath,
      requestBody: jsonBody(of.AskSimulation),
      responses: {
        '200': ndjson('How far it is, and the result last', of.SimulationLine),
        default: PROBLEM,
      },
    },
  },
  [`${BASE}/simulations/{simulationId}`]: {
    get: {
      summary: 'A kept simulation',
      requestParams: under({ simulationId: Uuid }),
      responses: answers('200', 'As it was made', of.KeptSimulation),
    },
  },
  [`${BASE}/adoptions`]: {
    get: {
      summary: 'What was proposed and signed off',
      requestParams: TenantPath,
      responses: answers('200', 'Adoptions', z.object({ adoptions: z.array(of.LawAdoption) })),
    },
    post: {
      summary: 'Propose to compute by a simulated table from a day on',
      requestParams: TenantPath,
      requestBody: jsonBody(of.ProposeAdoption),
      responses: answers('201', 'Proposed', z.object({ adoptionId: Uuid })),
    },
  },
  [`${BASE}/adoptions/{adoptionId}/confirmations`]: {
    post: {
      summary: 'Sign it, as another person, by the digests of table and simulation',
      requestParams: under({ adoptionId: Uuid }),
      requestBody: jsonBody(of.SignAdoption),
      responses: answers('200', 'Signed', z.object({ adoptionId: Uuid })),
    },
  },
};
