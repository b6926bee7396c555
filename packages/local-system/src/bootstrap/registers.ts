import { existsSync } from 'node:fs';
import { PURPOSES } from '@mnv/bango-ho';
import type { Administration, Tenant } from '@mnv/client';
import { legalDayOf } from '@mnv/core';
import { writePrivateFile } from '../files/private-file.ts';
import type { LocalPerson } from './people-files.ts';
import { SAMPLE_PEOPLE, SAMPLE_TENANTS, type SamplePerson } from './sample-people.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const COURSE = '特定個人情報等取扱研修';
/** Who handles numbers or looks for their records, and so is assigned to a tenant's work. */
const HANDLING_ROLES = new Set(['operator', 'supervisor', 'requester']);

async function registerPerson(
  administration: Administration,
  sample: SamplePerson,
  subject: string,
): Promise<void> {
  const today = legalDayOf(Date.now());
  await administration.addOperator({ subject, name: sample.fullName });
  if (sample.trained) {
    const expiresOn = legalDayOf(Date.now() + YEAR_MS);
    await administration.addTraining({ subject, course: COURSE, completedOn: today, expiresOn });
  }
  if (!sample.roles.some((role) => HANDLING_ROLES.has(role))) return;
  const purposes = PURPOSES.filter((one) => one.enabledByDefault).map(({ code }) => code);
  for (const tenant of sample.tenants) {
    await administration.addAssignment(tenant, { subject, purposes, from: today });
  }
}

/**
 * Sample tenants and the registers of their people, by the administrator through the front door. Done once
 * per data directory; a start that was cut off does it again from the beginning.
 */
export async function registerSamples(
  administration: Administration,
  { people, doneFile }: { people: readonly LocalPerson[]; doneFile: string },
): Promise<Tenant[]> {
  if (!existsSync(doneFile)) {
    for (const tenant of SAMPLE_TENANTS) await administration.createTenant(tenant);
    for (const sample of SAMPLE_PEOPLE) {
      const person = people.find(({ name }) => name === sample.name);
      if (person !== undefined) await registerPerson(administration, sample, person.sub);
    }
    writePrivateFile(doneFile, `${JSON.stringify({ registeredAt: new Date().toISOString() })}\n`);
  }
  return administration.listTenants();
}
