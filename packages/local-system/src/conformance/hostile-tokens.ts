import { createTokenVerifier } from '@mnv/service-kit';
import { type Case, type Suite, type Verdict, passedIf } from './suite.ts';

type Profile = {
  now: number;
  issuer: string;
  audience: string;
  client_cert_thumbprint_x5tS256: string;
};
type TokenCase = { id: string; expect: 'accept' | 'reject'; token: string };
type TokenFile = { profile: Profile; jwks: { keys: object[] }; cases: TokenCase[] };

/** Every token goes through the verifier the services use, with its clock set to the time of the vectors. */
function casesOf({ profile, jwks, cases }: TokenFile): Case[] {
  const verifyAccessToken = createTokenVerifier({
    issuer: profile.issuer,
    audience: profile.audience,
    jwks,
    clock: () => profile.now * 1000,
  });
  const isAccepted = (token: string): Promise<boolean> =>
    verifyAccessToken(token, profile.client_cert_thumbprint_x5tS256).then(
      () => true,
      () => false,
    );
  const judge = async (one: TokenCase): Promise<Verdict> =>
    passedIf((await isAccepted(one.token)) === (one.expect === 'accept'));
  return cases.map((one) => ({ name: one.id, judge: () => judge(one) }));
}

export const hostileTokens: Suite = {
  matches: /(^|\/)jwt-attacks\/cases\.json$/,
  cases: (data) => casesOf(data as TokenFile),
};
