/** The issuer no longer gives tokens on this person's authority: the person must sign in again. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';

  constructor() {
    super('The session has ended; the person must sign in again.');
  }
}
