import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { StartupError, loadSettings, readUnder } from '../src/index.ts';

const Schema = z.object({
  VAULT_PORT: z.coerce.number().int().min(0).max(65535),
  VAULT_KEY_FILE: z.string().min(1),
  VAULT_MODE: z.enum(['a', 'b']).default('a'),
});

describe('the settings of a service', () => {
  it('are read from the environment, and then never change', () => {
    const settings = loadSettings(Schema, { VAULT_PORT: '8442', VAULT_KEY_FILE: 'k', OTHER: 'x' });

    expect(settings).toEqual({ VAULT_PORT: 8442, VAULT_KEY_FILE: 'k', VAULT_MODE: 'a' });
    expect(() => Object.assign(settings, { VAULT_PORT: 1 })).toThrow(TypeError);
  });

  it('are refused with the name of every one at fault, and with no value', () => {
    const env = { VAULT_PORT: 'secret-1', VAULT_MODE: 'secret-2' };
    let error: unknown;
    try {
      loadSettings(Schema, env);
    } catch (fault) {
      error = fault;
    }

    expect(error).toBeInstanceOf(StartupError);
    const { settings, message } = error as StartupError;
    expect(settings.toSorted()).toEqual(['VAULT_KEY_FILE', 'VAULT_MODE', 'VAULT_PORT']);
    expect(message).toContain('VAULT_KEY_FILE');
    expect(JSON.stringify([message, error])).not.toContain('secret');
  });
});

describe('what is read under a setting', () => {
  it('is refused with its name and a code, and nothing of the error that may quote it', () => {
    const read = () => {
      throw Object.assign(new Error('quotes a secret value'), { code: 'ENOENT' });
    };
    let error: unknown;
    try {
      readUnder(['VAULT_KEY_FILE'], read);
    } catch (fault) {
      error = fault;
    }

    expect(error).toEqual(new StartupError(['VAULT_KEY_FILE'], 'cannot be used (ENOENT)'));
    expect(JSON.stringify([String(error), error])).not.toContain('secret');
  });
});
