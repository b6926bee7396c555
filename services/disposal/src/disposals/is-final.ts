import { PROBLEMS, Refusal } from '@mnv/core';

const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_FAULT = 500;

/** Whether the vault has refused for good; what it could not answer now may be asked of it again. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  const { status } = PROBLEMS[error.code];
  return status < FIRST_SERVER_FAULT && status !== TOO_MANY_REQUESTS;
}
