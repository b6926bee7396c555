import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '@mnv/durable-files';
import { BYTE_ORDER_MARK, csvText } from '@mnv/register-document';
import type { Reject } from './import-row.ts';

export type ListedRow = Reject & { line: number };

export type RowListFile = {
  /** Appends durably and returns the length of the file afterwards. Makes the file with the first row. */
  append: (rows: readonly ListedRow[]) => Promise<number>;
};

const HEADER = csvText([['line', 'code', 'reason']]);

/**
 * Rows that somebody should look at, for being refused or warned of: line, code and reason; never a cell of them.
 * `keep` is the length that an earlier run vouches for; what a crash left beyond it is cut off.
 */
export async function openRowList(file: string, keep: number): Promise<RowListFile> {
  let length = await cutTo(file, keep);
  return {
    append: async (rows) => {
      if (rows.length === 0) return length;
      const text = csvText(rows.map(({ line, code, reason }) => [String(line), code, reason]));
      const whole = length === 0 ? BYTE_ORDER_MARK + HEADER + text : text;
      const handle = await open(file, 'a', 0o600);
      try {
        await handle.writeFile(whole);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (length === 0) await syncDirectory(dirname(file));
      length += Buffer.byteLength(whole);
      return length;
    },
  };
}

async function cutTo(file: string, keep: number): Promise<number> {
  const handle = await open(file, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return 0;
  try {
    await handle.truncate(keep);
    return keep;
  } finally {
    await handle.close();
  }
}
