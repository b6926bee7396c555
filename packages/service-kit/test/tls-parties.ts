import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { Agent, type AgentOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { type Authority, createAuthority, issueCertificate } from '@mnv/pki';
import type { TlsFiles, TlsIdentity, TlsMaterial } from '../src/index.ts';

export type CertificateOrder = Partial<Parameters<typeof issueCertificate>[0]>;

export const newAuthority = (): Authority =>
  createAuthority({ deployment: 'test', profile: 'production' });

/** A certificate with its key under an authority, and what its holder trusts. */
export function materialOf(
  authority: Authority,
  order: CertificateOrder = {},
  trusted = authority,
): TlsMaterial {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = issueCertificate({
    authority,
    publicKey,
    subject: 'a party',
    usage: 'both',
    uris: ['spiffe://test/client/payroll'],
    dns: ['localhost'],
    ...order,
  });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate, key, ca: trusted.certificatePem };
}

/** An identity that is never renewed. */
export function fixedIdentity(material: TlsMaterial): TlsIdentity {
  return { current: () => material, onRenewal: () => () => undefined, close: () => undefined };
}

/** An identity renewed by hand. */
export function renewableIdentity(first: TlsMaterial) {
  const listeners = new Set<(material: TlsMaterial) => void>();
  let material = first;
  const identity: TlsIdentity = {
    current: () => material,
    onRenewal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => undefined,
  };
  const renew = (next: TlsMaterial) => {
    material = next;
    for (const listener of listeners) listener(next);
  };
  return { identity, renew };
}

export function newTlsFiles(): TlsFiles {
  const directory = mkdtempSync(join(tmpdir(), 'mnv-tls-'));
  return {
    certificateFile: join(directory, 'certificate.pem'),
    keyFile: join(directory, 'key.pem'),
    caFile: join(directory, 'ca.pem'),
  };
}

export function writeMaterial(files: TlsFiles, { certificate, key, ca }: TlsMaterial): void {
  writeFileSync(files.certificateFile, certificate);
  writeFileSync(files.keyFile, key);
  writeFileSync(files.caFile, ca);
}

/** `connection` tells one connection of this client from another. */
export type Answer = {
  status: number;
  body: string;
  serverCertificate: Buffer | undefined;
  connection: number | undefined;
};

/** What a client shows; without certificate and key it shows none. */
export type Shown = Partial<TlsMaterial> & Omit<AgentOptions, keyof TlsMaterial>;

/** An agent that keeps one connection, as a client of ours would. */
export function agentOf({ certificate, ...options }: Shown): Agent {
  const cert = certificate === undefined ? {} : { cert: certificate };
  return new Agent({ keepAlive: true, maxSockets: 1, ...options, ...cert });
}

/** GETs `path` over an agent. Rejects when there is no answer. */
export function get(agent: Agent, port: number, path = '/'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ agent, host: 'localhost', port, path }, (res) => {
      const socket = res.socket as TLSSocket;
      const shown = { serverCertificate: socket.getPeerX509Certificate()?.raw };
      const connection = socket.localPort;
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.once('error', reject);
      res.once('end', () => resolve({ status: res.statusCode ?? 0, body, connection, ...shown }));
    });
    req.once('error', reject).end();
  });
}
