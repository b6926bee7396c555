import { z } from 'zod';

/** The header of an act that its person's client signs; `over` says what its digest is of. */
export function signedRequestHeader(over: string) {
  return z.object({
    'Mynumber-Request': z.string().meta({ description: `Compact JWS over ${over}` }),
  });
}
