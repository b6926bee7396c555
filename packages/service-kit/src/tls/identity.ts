import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { certificatesIn } from './pem-certificates.ts';

const POLL_MS = 2_000;

/** What one side of a TLS connection shows and trusts, as PEM. */
export type TlsMaterial = { certificate: string; key: string; ca: string };
export type TlsFiles = { certificateFile: string; keyFile: string; caFile: string };

/** The identity of a service, which may be renewed while it runs. */
export type TlsIdentity = {
  current(): TlsMaterial;
  /** Calls back after each renewal, until the returned function is called. */
  onRenewal(listener: (material: TlsMaterial) => void): () => void;
  close(): void;
};

/**
 * Reads certificate, key and authorities, and reads them again when the files change. Files that do not fit
 * together (a renewal half done) are left alone until they do; `onFault` hears of it. Throws at once when
 * they do not fit in the beginning.
 */
export function tlsFiles(
  files: TlsFiles,
  {
    pollMs = POLL_MS,
    onFault = () => undefined,
  }: { pollMs?: number; onFault?: (error: unknown) => void } = {},
): TlsIdentity {
  const listeners = new Set<(material: TlsMaterial) => void>();
  let seen = stampOf(files);
  let material = readMaterial(files);

  const poll = () => {
    try {
      const stamp = stampOf(files);
      if (stamp === seen) return;
      material = readMaterial(files);
      seen = stamp;
      for (const listener of listeners) listener(material);
    } catch (error) {
      onFault(error);
    }
  };
  const timer = setInterval(poll, pollMs).unref();

  return {
    current: () => material,
    onRenewal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}

function readMaterial({ certificateFile, keyFile, caFile }: TlsFiles): TlsMaterial {
  const material = {
    certificate: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    ca: readFileSync(caFile, 'utf8'),
  };
  const [own] = certificatesIn(material.certificate);
  if (own?.checkPrivateKey(createPrivateKey(material.key)) !== true) {
    throw new Error('the key is not the key of the certificate');
  }
  certificatesIn(material.ca);
  return material;
}

function stampOf(files: TlsFiles): string {
  return Object.values(files)
    .map((file) => statSync(file))
    .map(({ ino, size, mtimeMs }) => `${ino}:${size}:${mtimeMs}`)
    .join(' ');
}
