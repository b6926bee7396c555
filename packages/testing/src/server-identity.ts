import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The conventional user that owns nothing. It exists on every system, so no user need be added. */
const NOBODY = 65534;

/** The user a PostgreSQL server runs as; `{}` means ourselves. */
export type ServerIdentity = { readonly uid: number; readonly gid: number } | Record<string, never>;

export const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root, so a root process hands it to nobody. */
export const SERVER_IDENTITY: ServerIdentity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** The uid that owns the server's files. */
export const SERVER_UID = isRoot ? NOBODY : (process.getuid?.() ?? -1);

/** Whether the server's user can enter a directory: every directory up to the root must let it pass. */
export async function serverCanEnter(directory: string): Promise<boolean> {
  if (!isRoot) return true;
  const { mode, uid } = await stat(directory);
  if ((mode & (uid === NOBODY ? 0o100 : 0o001)) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || serverCanEnter(parent);
}
