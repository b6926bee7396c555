import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { COMPILED_CODE } from '@mnv/testing';
import { drainTime } from '../src/epoch/drain-time.ts';

const PROGRAM = join(import.meta.dirname, '../src/main.ts');
const NO_FILE = '/nowhere/at-all';
const SETTINGS = {
  VAULT_DEPLOYMENT: 'test',
  VAULT_PORT: '0',
  VAULT_DATABASE_URL: 'postgresql://vault_service@localhost/vault',
  VAULT_DATABASE_BUDGET_GIB: '1',
  VAULT_CERTIFICATE_FILE: NO_FILE,
  VAULT_KEY_FILE: NO_FILE,
  VAULT_CA_FILE: NO_FILE,
  VAULT_ISSUER: 'https://id.example.com',
  VAULT_JWKS_URL: 'https://id.example.com/jwks',
  VAULT_ISSUER_CA_FILE: NO_FILE,
  VAULT_ROOT_FILE: NO_FILE,
  VAULT_ROOT_KEY_FILE: NO_FILE,
  VAULT_CONTROL_KEY_FILE: NO_FILE,
  VAULT_EXPORT_DIRECTORIES: '/nowhere/a:/nowhere/b',
  VAULT_LOG_POLICY_FILE: NO_FILE,
};
/** The proxy still writes a number of a chunk that was asked for so long before. */
const PROXY_WRITES_WITHIN_MS = 15_000;

describe('how long an epoch waits for reads from before its freeze', () => {
  it.each(['production', 'development'] as const)(
    'is longer than a reader can be waiting, in %s as well, unless it is set',
    (profile) => {
      const drainMs = drainTime({ profile, seconds: undefined });
      expect(drainMs).toBeGreaterThan(PROXY_WRITES_WITHIN_MS);
    },
  );

  it('may be set in development', () => {
    expect(drainTime({ profile: 'development', seconds: 1 })).toBe(1000);
    expect(drainTime({ profile: 'development', seconds: 0 })).toBe(0);
  });

  it.each([0, 1, 18])('cannot be set outside development, not even to %s seconds', (seconds) => {
    expect(() => drainTime({ profile: 'production', seconds })).toThrow('VAULT_DRAIN_SECONDS');
  });
});

describe('a vault that is told how long to wait', () => {
  /** What it says when it refuses to start; no file it is told of is there. */
  function refusal(changes: Readonly<Record<string, string>>): unknown {
    const env = { ...COMPILED_CODE, ...SETTINGS, ...changes };
    const { stdout } = spawnSync(process.execPath, [PROGRAM], { env, encoding: 'utf8' });
    return JSON.parse(stdout);
  }

  it('does not start outside development', () => {
    const told = { VAULT_DRAIN_SECONDS: '1' };
    const refused = { message: 'refused to start', settings: 'VAULT_DRAIN_SECONDS' };
    expect(refusal(told)).toMatchObject(refused);
    expect(refusal({ ...told, PROFILE: 'development' })).not.toMatchObject(refused);
  });
});
