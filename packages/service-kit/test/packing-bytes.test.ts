import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, createTestDatabase } from '@mnv/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { packBytes } from '../src/index.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase('access');
  pool = database.pool('access_service');
});
afterAll(() => database.drop());

describe('columns of bytes packed into one parameter', () => {
  it('are cut out by the database as they were', async () => {
    const column = fc.array(fc.uint8Array({ maxLength: 70 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(column, column, async (first, second) => {
        const { bytes, places } = packBytes([first, second]);
        for (const [at, parts] of [first, second].entries()) {
          const { rows } = await pool.query<{ part: Buffer }>(
            'select substr($1::bytea, at, length) as part from unnest($2::integer[], $3::integer[]) as p (at, length)',
            [bytes, places[at]?.at, places[at]?.lengths],
          );
          expect(rows.map(({ part }) => part)).toEqual(parts.map((part) => Buffer.from(part)));
        }
      }),
      { numRuns: 50 },
    );
  });
});
