import { decodeControlEntry } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import { decodeEntryBundle } from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

/** An entry of the control log and its place. */
export type PlacedEntry = { index: number; entry: ControlEntry };

/**
 * The entries from `from` on whose bytes hold a text. Entries are canonical, so that a member with its value
 * is one text: `"batch":"…"`. The server looks through the bundles; only those that hold it come over.
 */
export async function searchControlLog(
  db: Kysely<VaultDatabase>,
  { from, text }: { from: number; text: string },
): Promise<PlacedEntry[]> {
  const { rows } = await sql<{ start: string; entries: Buffer }>`
    select start, entries from control_batch
    where start >= coalesce((select max(start) from control_batch where start <= ${from}), 0)
      and position(${Buffer.from(text)}::bytea in entries) > 0
    order by start`.execute(db);
  return rows.flatMap(({ start, entries }) =>
    decodeEntryBundle(entries).flatMap((bytes, at) => {
      const index = Number(start) + at;
      if (index < from || !Buffer.from(bytes).includes(text)) return [];
      return [{ index, entry: decodeControlEntry(bytes) }];
    }),
  );
}
