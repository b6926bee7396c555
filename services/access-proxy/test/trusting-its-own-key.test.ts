import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newLogKey, parsePolicy } from '@mnv/transparency-log';
import { readLogKey } from '../src/log/read-log-key.ts';

const place = mkdtempSync(join(tmpdir(), 'log-key-'));
afterAll(() => rmSync(place, { recursive: true }));

const own = newLogKey('test/access');
const policyOf = (...vkeys: string[]) =>
  parsePolicy([...vkeys.map((vkey) => `log ${vkey}`), 'quorum none', ''].join('\n'), {
    origins: 'key-name-or-below',
  });
function settings() {
  const file = join(place, 'key.pem');
  const pem = own.privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(file, pem, { mode: 0o600 });
  return { ACCESS_PROXY_DEPLOYMENT: 'test', ACCESS_PROXY_LOG_KEY_FILE: file };
}

describe('the key that signs the access logs', () => {
  it('is taken when the trust policy lists it, alone or beside an older one', () => {
    const older = newLogKey('test/access').vkey;

    expect(readLogKey(settings(), policyOf(own.vkey)).type).toBe('private');
    expect(readLogKey(settings(), policyOf(older, own.vkey)).type).toBe('private');
  });

  it.each([
    ['another key of the deployment', newLogKey('test/access').vkey],
    ['a key of another deployment', newLogKey('other/access').vkey],
  ])('is refused before anything is signed when the policy lists %s instead', (_what, listed) => {
    expect(() => readLogKey(settings(), policyOf(listed))).toThrow(
      'is not a key that the trust policy lists for the access logs',
    );
  });
});
