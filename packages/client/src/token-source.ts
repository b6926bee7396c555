/** An access token and the instant (milliseconds since the epoch) from which it is void. */
export type IssuedToken = { accessToken: string; expiresAt: number };

/** A token is for one tenant: a person who works for ten tenants takes ten tokens. */
export type TokenAsk = { tenant: string };

/**
 * Obtains a new token each time it is called; keeping and renewing is the client's work.
 * @throws SessionEndedError when the person must sign in again
 */
export type TokenSource = (ask: TokenAsk) => Promise<IssuedToken>;
