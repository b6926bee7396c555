import { type Client, mapInOrder } from '@mnv/client';
import type { CompanyPerson } from './company.ts';

const IN_FLIGHT = 16;

/** A person with the id by which payroll knows their record from now on. */
export type RecordedPerson = CompanyPerson & { recordId: string };

/** Asks for each person's record id, as a payroll system does once after an import. Each is logged. */
export async function findRecordIds(
  client: Client,
  people: readonly CompanyPerson[],
): Promise<RecordedPerson[]> {
  const recorded: RecordedPerson[] = [];
  const find = async (person: CompanyPerson) => {
    const { individualRef, subject } = person;
    const [record] = await client.findRecords({ individualRef, subject });
    return record && { ...person, recordId: record.recordId };
  };
  for await (const one of mapInOrder(people, IN_FLIGHT, find)) if (one) recorded.push(one);
  return recorded;
}
