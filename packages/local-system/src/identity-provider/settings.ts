import { isAbsolute } from 'node:path';

const FILES = {
  directoryFile: 'IDENTITY_DIRECTORY_FILE',
  signingKeyFile: 'IDENTITY_SIGNING_KEY_FILE',
  cookieKeyFile: 'IDENTITY_COOKIE_KEY_FILE',
  certificateFile: 'IDENTITY_CERTIFICATE_FILE',
  keyFile: 'IDENTITY_KEY_FILE',
  caFile: 'IDENTITY_CA_FILE',
} as const;

export type IdentitySettings = Readonly<Record<keyof typeof FILES, string>> & {
  readonly port: number;
};

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}

/** Settings from the environment. Names every bad one in one error, never a value. */
export function readIdentitySettings(
  environment: Record<string, string | undefined>,
): IdentitySettings {
  const bad = Object.values(FILES).filter((name) => !isAbsolute(environment[name] ?? ''));
  const port = portOf(environment['IDENTITY_PORT']);
  if (bad.length > 0 || port === undefined) {
    const names = port === undefined ? [...bad, 'IDENTITY_PORT'] : bad;
    throw new Error(`bad settings: ${names.join(', ')}`);
  }
  const file = (name: keyof typeof FILES) => environment[FILES[name]] ?? '';
  return Object.freeze({
    port,
    directoryFile: file('directoryFile'),
    signingKeyFile: file('signingKeyFile'),
    cookieKeyFile: file('cookieKeyFile'),
    certificateFile: file('certificateFile'),
    keyFile: file('keyFile'),
    caFile: file('caFile'),
  });
}
