import { Refusal } from '@mnv/core';

/** Every fault of a signed request is the same refusal: it tells an attacker nothing. */
export function invalidRequest(): Refusal {
  return new Refusal(
    'request-signature-invalid',
    'Sign {v,rid,iat,ten,op,pur,case,n,ids} with the key of the client certificate, within 60 seconds.',
  );
}
