import { describe, expect, it } from '@jest/globals';
import { chosenSettings } from '../src/system/chosen-settings.ts';

describe('who starts a local system', () => {
  it('chooses how long readers and old root versions are waited for, and nothing else of the vault', () => {
    const chosen = { VAULT_DRAIN_SECONDS: '1', VAULT_ROOT_GRACE_HOURS: '0' };
    const others = { VAULT_ROOT_FILE: '/elsewhere', VAULT_PORT: '1', PROFILE: 'production' };
    expect(chosenSettings({ ...chosen, ...others })).toEqual(chosen);
    expect(chosenSettings({ PATH: '/bin' })).toEqual({});
  });
});
