import { join } from 'node:path';
import { childProgram } from '../supervisor/child-program.ts';
import type { Program } from '../supervisor/program.ts';
import { addressesFor } from './addresses.ts';
import { answersOk } from './answers-ok.ts';
import { certificateOf, type Installation, WITNESS_NAME } from './installation.ts';

const COMMAND_LINE = new URL('../../../cli/src/main.ts', import.meta.url).pathname;
const IDENTITY_MAIN = new URL('../identity-provider/main.ts', import.meta.url).pathname;

/** Where a program's output goes. */
export function logFile({ layout }: Installation, name: string): string {
  return join(layout.logs, `${name}.log`);
}

export function identityProgram(installation: Installation): Program {
  const { ports, identity, authority } = installation;
  const { certificate, key } = certificateOf(installation, 'identity-provider');
  const { issuer } = addressesFor(ports);
  return childProgram({
    name: 'identity provider',
    script: IDENTITY_MAIN,
    environment: {
      IDENTITY_PORT: String(ports.identity),
      IDENTITY_DIRECTORY_FILE: identity.directoryFile,
      IDENTITY_SIGNING_KEY_FILE: identity.signingKeyFile,
      IDENTITY_COOKIE_KEY_FILE: identity.cookieKeyFile,
      IDENTITY_CERTIFICATE_FILE: certificate,
      IDENTITY_KEY_FILE: key,
      IDENTITY_CA_FILE: authority.certificateFile,
    },
    logFile: logFile(installation, 'identity-provider'),
    isReady: () => answersOk({ url: `${issuer}/jwks`, caFile: authority.certificateFile }),
  });
}

/** The external witness. Here it shares the machine with what it watches; elsewhere it must not. */
export function witnessProgram(installation: Installation): Program {
  const { ports, layout, authority } = installation;
  const { certificate, key } = certificateOf(installation, 'witness');
  const options = {
    data: layout.witness,
    name: WITNESS_NAME,
    policy: layout.policyFile,
    certificate,
    key,
    port: String(ports.witness),
  };
  return childProgram({
    name: 'witness',
    script: COMMAND_LINE,
    args: ['witness', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])],
    environment: {},
    logFile: logFile(installation, 'witness'),
    isReady: () =>
      answersOk({ url: addressesFor(ports).witness, caFile: authority.certificateFile }),
  });
}
