import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKysely } from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import type { Kysely } from 'kysely';
import type { DisposalDatabase } from '../src/database.ts';
import { takeCertificateNumber } from '../src/disposals/certificate.repository.ts';

let database: TestDatabase;
let db: Kysely<DisposalDatabase>;
beforeAll(async () => {
  database = await createTestDatabase('disposal');
  db = createKysely<DisposalDatabase>(database.pool('disposal_service'));
});
afterAll(() => database.drop());

describe('the numbers of certificates', () => {
  it('run from 1 without a gap, however many are taken at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeCertificateNumber(db, randomUUID())),
    );
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('are taken once for each disposal', async () => {
    const disposalId = randomUUID();
    const [first, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => takeCertificateNumber(db, disposalId)),
    );
    expect(first).toBe(21);
    for (const other of others) expect(other).toBe(first);
    expect(await takeCertificateNumber(db, disposalId)).toBe(first);
  });
});
