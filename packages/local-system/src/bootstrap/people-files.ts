import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { ensurePrivateDirectory, keptFile, writePrivateFile } from '../files/private-file.ts';
import { hashPassword, type Person } from '../identity-provider/index.ts';
import type { SamplePerson } from './sample-people.ts';

/** A person as the provider knows them, and the files that only they would have. */
export type LocalPerson = Person & { passwordFile: string; signInKeyFile: string };

/** The public half of an EC key. */
export function publicHalf({ kty, crv, x, y }: JWK): JWK {
  return { kty, crv, x, y } as JWK;
}

/** A fresh ES256 private key as JSON Web Key text. */
export function newPrivateJwkText(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return `${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), alg: 'ES256' })}\n`;
}

async function keptHash(file: string, password: string): Promise<string> {
  if (!existsSync(file)) writePrivateFile(file, await hashPassword(password));
  return readFileSync(file, 'utf8');
}

/** Password, sign-in key and subject of a sample person, made once and kept. */
export async function ensurePerson(directory: string, sample: SamplePerson): Promise<LocalPerson> {
  const folder = ensurePrivateDirectory(join(directory, sample.name));
  const passwordFile = join(folder, 'password');
  const signInKeyFile = join(folder, 'sign-in-key.json');
  const password = keptFile(passwordFile, () => randomBytes(18).toString('base64url'));
  const signInKey = JSON.parse(keptFile(signInKeyFile, newPrivateJwkText)) as JWK;
  return {
    name: sample.name,
    sub: keptFile(join(folder, 'subject'), randomUUID),
    roles: sample.roles,
    tenants: sample.tenants,
    passwordHash: await keptHash(join(folder, 'password-hash'), password),
    signInJwk: publicHalf(signInKey),
    passwordFile,
    signInKeyFile,
  };
}
