import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { timed } from '../load/timed.ts';
import type { Eraser } from './erasure-job.ts';

/**
 * One key per tenant wraps the key of each record: to forget one record for good, the tenant takes a new key
 * and every other record key is wrapped anew, as the other envelope schemes of the field do it.
 */
export const REWRAP_SCHEMA = `
  create table wrapped_key (
    tenant_id text not null, position bigint not null, wrapped bytea not null,
    primary key (tenant_id, position)
  );
  grant select, insert, update, delete on wrapped_key to baseline;`;

const AT_ONCE = 4096;
const NONCE = 12;
const TAG = 16;

export function rewrapAllEraser(pool: Pool): Eraser {
  const keys = new Map<string, KeyObject>();
  return {
    async fill(tenant, records) {
      const key = createSecretKey(randomBytes(32));
      keys.set(tenant, key);
      for (let from = 0; from < records; from += AT_ONCE) {
        const count = Math.min(AT_ONCE, records - from);
        const wrapped = Array.from({ length: count }, () => wrap(key, randomBytes(32)));
        await pool.query(
          'insert into wrapped_key select $1, $2 + at - 1, k from unnest($3::bytea[]) with ordinality as u (k, at)',
          [tenant, from, wrapped],
        );
      }
    },
    erase: (tenant, records) => timed(records, () => rewrapAll(tenant, records)),
  };

  async function rewrapAll(tenant: string, records: number): Promise<void> {
    const old = keys.get(tenant) as KeyObject;
    const next = createSecretKey(randomBytes(32));
    await pool.query(
      `delete from wrapped_key where tenant_id = $1 and position in (
         select position from wrapped_key where tenant_id = $1 order by position limit $2)`,
      [tenant, records],
    );
    for (let after = -1; ; ) {
      const { rows } = await pool.query<{ position: string; wrapped: Buffer }>(
        `select position, wrapped from wrapped_key where tenant_id = $1 and position > $2
         order by position limit ${AT_ONCE}`,
        [tenant, after],
      );
      const last = rows.at(-1);
      if (last === undefined) break;
      await pool.query(
        `update wrapped_key w set wrapped = u.k from unnest($2::bigint[], $3::bytea[]) as u (p, k)
         where w.tenant_id = $1 and w.position = u.p`,
        [
          tenant,
          rows.map(({ position }) => position),
          rows.map(({ wrapped }) => wrap(next, unwrap(old, wrapped))),
        ],
      );
      after = Number(last.position);
    }
    keys.set(tenant, next);
  }
}

function wrap(key: KeyObject, secret: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(key: KeyObject, wrapped: Buffer): Buffer {
  const nonce = wrapped.subarray(0, NONCE);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(wrapped.subarray(-TAG));
  return Buffer.concat([decipher.update(wrapped.subarray(NONCE, -TAG)), decipher.final()]);
}
