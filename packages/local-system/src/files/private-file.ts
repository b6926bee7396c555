import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A directory that only its owner may enter. An existing one is closed to others. */
export function ensurePrivateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

/** Replaces a file as a whole, readable by its owner alone: a reader sees the old text or the new one. */
export function writePrivateFile(path: string, text: string | Uint8Array): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  writeFileSync(fresh, text, { mode: 0o600, flush: true });
  renameSync(fresh, path);
}

/** The text of a private file, made on first use. */
export function keptFile(path: string, make: () => string): string {
  if (!existsSync(path)) writePrivateFile(path, make());
  return readFileSync(path, 'utf8');
}

/** A secret of 256 bits as text, made on first use. */
export function keptSecret(path: string): string {
  return keptFile(path, () => randomBytes(32).toString('base64url'));
}
