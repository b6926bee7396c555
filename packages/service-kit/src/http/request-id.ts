import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const ids = new WeakMap<ServerResponse, string>();

/** The id of a request (a UUID we made, never the caller's): the `instance` of its problem, a fact of its log. */
export function requestIdOf(res: ServerResponse): string {
  const known = ids.get(res);
  if (known !== undefined) return known;
  const id = randomUUID();
  ids.set(res, id);
  return id;
}
