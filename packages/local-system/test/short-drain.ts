/** For tests in which an epoch ends and none reads meanwhile: nobody is there to be waited for. */
export const SHORT_DRAIN = { VAULT_DRAIN_SECONDS: '1' } as const;
