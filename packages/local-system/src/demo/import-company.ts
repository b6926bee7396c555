import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { importFile } from '@mnv/cli';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs, subjectOf } from './acting-as.ts';
import { writeCompanyFile } from './company-file.ts';
import type { CompanyPerson } from './company.ts';
import { OPERATOR, TENANT } from './parts.ts';

/**
 * Writes the company's file, stores it by the code of `mynumber import`, and removes it. Answers how many
 * numbers the vault took.
 */
export async function importCompany(
  endpoints: Endpoints,
  order: { people: readonly CompanyPerson[]; directory: string; today: string },
): Promise<number> {
  const file = join(order.directory, 'company.csv');
  try {
    writeCompanyFile(file, order.people, order.today);
    const actor = { person: OPERATOR, tenant: TENANT };
    const { stored } = await actingAs(endpoints, actor, (client) =>
      importFile({
        file,
        encoding: 'utf-8',
        proxyOrigin: endpoints.services.proxy,
        verifiedBy: subjectOf(endpoints, OPERATOR),
        client,
      }),
    );
    return stored;
  } finally {
    rmSync(file, { force: true });
  }
}
