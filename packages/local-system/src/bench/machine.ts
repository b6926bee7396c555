import { availableParallelism, totalmem } from 'node:os';
import pg from 'pg';

export type Machine = { cores: number; memoryGib: number; node: string; postgres: string };

/** What the figures depend on, said without naming anybody's machine. */
export async function describeMachine(adminDsn: string): Promise<Machine> {
  const client = new pg.Client({ connectionString: adminDsn });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return {
      cores: availableParallelism(),
      memoryGib: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      postgres: rows[0]?.version ?? 'unknown',
    };
  } finally {
    await client.end();
  }
}
