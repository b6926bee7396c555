import type { RegisteredPerson } from './decide.ts';

/** A revoked right is gone within this time, on every instance. */
export const REGISTER_MAX_AGE_MS = 1_000;
const MAX_REMEMBERED = 10_000;

export type FindRegisteredPerson = (tenantId: string, subject: string) => Promise<RegisteredPerson>;

/**
 * Reads the registers at most once a second per person and tenant. Reads under way are shared; a failed read
 * is not remembered, so that doubt refuses.
 */
export function makeCachedRegister(find: FindRegisteredPerson): FindRegisteredPerson {
  const remembered = new Map<string, { until: number; person: Promise<RegisteredPerson> }>();
  return (tenantId, subject) => {
    const key = `${tenantId} ${subject}`;
    const now = performance.now();
    const known = remembered.get(key);
    if (known && now < known.until) return known.person;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const person = find(tenantId, subject);
    remembered.set(key, { until: now + REGISTER_MAX_AGE_MS, person });
    person.catch(() => remembered.delete(key));
    return person;
  };
}
