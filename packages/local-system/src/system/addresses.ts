import type { Ports } from '../supervisor/ports.ts';

/** Where each part is reached. */
export type Addresses = {
  proxy: string;
  vault: string;
  disposal: string;
  witness: string;
  issuer: string;
  token: string;
  jwks: string;
};

export function addressesFor(ports: Ports): Addresses {
  const issuer = `https://localhost:${ports.identity}`;
  return {
    proxy: `https://localhost:${ports.proxy}`,
    vault: `https://localhost:${ports.vault}`,
    disposal: `https://localhost:${ports.disposal}`,
    witness: `https://localhost:${ports.witness}`,
    issuer,
    token: `${issuer}/token`,
    jwks: `${issuer}/jwks`,
  };
}
