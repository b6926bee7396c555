import type { Law, LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { digestOfJson } from '@mnv/protocol';
import { enqueueOtherLaw } from '../life/pending.repository.ts';
import type { InTenant } from '../retention-store.ts';
import {
  adoptionStep,
  findSimulation,
  insertSimulation,
  listAdoptions,
} from './adoption.repository.ts';
import { confirmAdoption, proposeAdoption } from './adopt-law.ts';
import type { AdoptionRouteDependencies } from './adoptions.routes.ts';
import { lawOfDigest } from './law-in-use.ts';
import {
  countLoose,
  findContent,
  findLawInUse,
  insertLoaded,
  listTables,
  offerReleased,
} from './law-table.repository.ts';
import { storedSimulation } from './stored-simulation.ts';

/** Tables nobody signed off; a tenant tries few, and each may have a megabyte. */
const MAX_LOOSE = 20;

/** The law of a tenant over the database. */
export function storedLaw(
  inTenant: InTenant,
  today: () => LegalDay,
): Omit<AdoptionRouteDependencies, 'recordAct' | 'today'> {
  return {
    simulationOf: (tenantId) => storedSimulation(inTenant, tenantId),
    lawInUse: (tenantId) => inTenant(tenantId, (trx) => findLawInUse(trx, tenantId, today())),
    findLaw: (tenantId, digest) =>
      inTenant(tenantId, async (trx) => {
        const content = await findContent(trx, tenantId, digest);
        return content && lawOfDigest(digest, () => Promise.resolve(content));
      }),
    listTables: (tenantId) =>
      inTenant(tenantId, async (trx) => {
        const { digest: inUse } = await findLawInUse(trx, tenantId, today());
        await offerReleased(trx, tenantId);
        return { inUse, tables: await listTables(trx, tenantId) };
      }),
    loadTable: ({ tenantId, person: loadedBy }, law) =>
      inTenant(tenantId, async (trx) => {
        const digest = digestOfJson(law);
        if ((await findContent(trx, tenantId, digest)) !== undefined)
          return { digest, isNew: false };
        requireNewer(law, (await findLawInUse(trx, tenantId, today())).law);
        if ((await countLoose(trx, tenantId)) >= MAX_LOOSE)
          throw new Refusal('law-conflict', 'Twenty tables wait for their sign-off already.');
        if (!(await insertLoaded(trx, tenantId, { law, digest, loadedBy })))
          throw new Refusal('law-conflict', 'version: there is another table of this version.');
        return { digest, isNew: true };
      }),
    keepSimulation: ({ tenantId }, made) =>
      inTenant(tenantId, (trx) => insertSimulation(trx, tenantId, made)),
    findSimulation: (tenantId, simulationId) =>
      inTenant(tenantId, (trx) => findSimulation(trx, tenantId, simulationId)),
    listAdoptions: (tenantId) => inTenant(tenantId, (trx) => listAdoptions(trx, tenantId)),
    propose: ({ tenantId, person }, proposal) =>
      inTenant(tenantId, async (trx) => {
        const step = await adoptionStep(trx, tenantId, today());
        await proposeAdoption(step, { ...proposal, person, today: today() });
      }),
    confirm: ({ tenantId, person }, signed) =>
      inTenant(tenantId, async (trx) => {
        const step = await adoptionStep(trx, tenantId, today());
        await confirmAdoption(step, { ...signed, person, today: today() });
        const { law } = await step.findLawInUse();
        await enqueueOtherLaw(trx, tenantId, law.version);
      }),
  };
}

/** What is in use is not gone back behind: a mistake in it is mended by a newer version. */
function requireNewer({ version }: Law, inUse: Law): void {
  if (version <= inUse.version)
    throw new Refusal('law-conflict', 'version: it is not later than that of the table in use.');
}
