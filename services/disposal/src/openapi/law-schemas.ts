import { z } from 'zod';
import { openApi } from '@mnv/service-kit';

const { Uuid, Instant } = openApi;
const Day = z.iso.date();
const MaybeDay = Day.nullable();
const Text = z.string();

export const LawTable = z.looseObject({ version: Day }).meta({ id: 'LawTable' });
const Digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Simulation = z.looseObject({
  records: z.int(),
  unchanged: z.int(),
  earlier: z.int(),
  later: z.int(),
  dueByIt: z.int(),
  dueNoMore: z.int(),
});
export const LoadedTable = z.object({ digest: Digest, version: Day });
export const LawTables = z.object({
  inUse: Digest,
  tables: z.array(
    LoadedTable.extend({
      source: z.enum(['released', 'loaded']),
      cameAt: Instant,
      cameBy: Text.nullable(),
    }),
  ),
});
export const LawAdoption = z
  .object({
    adoptionId: Uuid,
    table: Digest,
    version: Day,
    simulationId: Uuid.nullable(),
    from: Day,
    reason: Text.nullable(),
    proposedBy: Text.nullable(),
    proposedAt: Instant,
    confirmedBy: Text.nullable(),
    effectiveOn: MaybeDay,
  })
  .meta({ id: 'LawAdoption' });
export const ProposeAdoption = z.object({ simulationId: Uuid, from: Day, reason: Text });
export const SignAdoption = z.object({ table: Digest, simulation: Digest });
export const KeptSimulation = z.object({
  simulationId: Uuid,
  table: Digest,
  version: Day,
  inUse: Digest,
  digest: Digest,
  madeOn: Day,
  madeBy: Text,
  simulation: Simulation,
});
export const AskSimulation = z.union([LawTable, z.object({ table: Digest })]);
export const SimulationLine = z.union([
  z.object({ progress: z.object({ done: z.int(), of: z.int() }) }),
  z.object({
    simulation: Simulation,
    simulationId: Uuid.optional(),
    table: Digest.optional(),
    digest: Digest.optional(),
  }),
]);
