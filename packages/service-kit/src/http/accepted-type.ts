import type { Request } from 'express';
import { Refusal } from '@mnv/core';

/** The form of the answer that a request prefers; the first, when it does not care. Throws Refusal `not-acceptable`. */
export function acceptedType<Type extends string>(req: Request, types: readonly Type[]): Type {
  const wanted = req.accepts([...types]);
  const found = types.find((type) => type === wanted);
  if (found === undefined) throw new Refusal('not-acceptable', `Accept ${types.join(' or ')}.`);
  return found;
}
