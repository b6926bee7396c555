import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The files of a running cluster as a base backup keeps them, with the write-ahead log it needs; restorable. */
export async function takeBaseCopy(order: {
  dsn: string;
  cluster: string;
  to: string;
}): Promise<void> {
  const client = new pg.Client({ connectionString: order.dsn });
  await client.connect();
  try {
    await client.query("select pg_backup_start('drill', true)");
    execFileSync('cp', ['-a', join(order.cluster, 'data'), order.to]);
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(false)',
    );
    rmSync(join(order.to, 'pg_wal'), { recursive: true });
    execFileSync('cp', ['-a', join(order.cluster, 'data/pg_wal'), order.to]);
    const label = join(order.to, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '');
    execFileSync('chown', ['--reference', join(order.to, 'PG_VERSION'), label]);
    rmSync(join(order.to, 'postmaster.pid'), { force: true });
    rmSync(join(order.to, 'postmaster.opts'), { force: true });
  } finally {
    await client.end();
  }
}
