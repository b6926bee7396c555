import { Refusal } from '@mnv/core';

/** One answer for every fault of a token: what exactly was wrong would guide the next attempt. */
export function invalidToken(): Refusal {
  return new Refusal('token-invalid', 'The access token was not accepted.');
}
