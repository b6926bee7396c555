import { type DatabaseFiles, ensureDatabaseSecrets } from '../bootstrap/databases.ts';
import { ensureClients, type LocalClient } from '../bootstrap/client-files.ts';
import { type DataLayout, dataLayout } from '../bootstrap/data-layout.ts';
import { ensureIdentityFiles, type IdentityFiles } from '../bootstrap/identity-files.ts';
import { ensureLogKeys } from '../bootstrap/log-key.ts';
import { ensurePerson, type LocalPerson } from '../bootstrap/people-files.ts';
import { SAMPLE_PEOPLE } from '../bootstrap/sample-people.ts';
import { type CertificateFiles, ensureCertificate } from '../authority/certificate-files.ts';
import {
  type LocalAuthority,
  openDevelopmentAuthority,
} from '../authority/development-authority.ts';
import { keptSecret } from '../files/private-file.ts';
import type { Ports } from '../supervisor/ports.ts';
import { keptWitnessKey } from '@mnv/cli';
import { addressesFor } from './addresses.ts';
import { certifiedParties } from './parties.ts';
import { join } from 'node:path';

export const DEPLOYMENT = 'local';
export const WITNESS_NAME = 'witness.local';

/** All files of a local system, there before any process starts. */
export type Installation = {
  layout: DataLayout;
  ports: Ports;
  authority: LocalAuthority;
  parties: ReturnType<typeof certifiedParties>;
  certificates: Record<string, CertificateFiles>;
  people: readonly LocalPerson[];
  clients: readonly LocalClient[];
  identity: IdentityFiles;
  databases: DatabaseFiles;
  logKeyFile: string;
  controlKeyFile: string;
  certificateKeyFile: string;
  rootFile: string;
  rootKeyFile: string;
};

/** Makes what is missing of the files of a local system; keeps what is there. */
export async function install(root: string, ports: Ports): Promise<Installation> {
  const layout = dataLayout(root);
  const authority = openDevelopmentAuthority(layout.tls, DEPLOYMENT);
  const clients = ensureClients(layout.clients, DEPLOYMENT);
  const people = await Promise.all(
    SAMPLE_PEOPLE.map((sample) => ensurePerson(layout.people, sample)),
  );
  const parties = certifiedParties(DEPLOYMENT, clients);
  const certificates = Object.fromEntries(
    parties.map((party) => [
      party.name,
      ensureCertificate(authority, { directory: layout.tls, party, now: Date.now() }),
    ]),
  );
  const { vkey } = await keptWitnessKey(layout.witness, WITNESS_NAME);
  const witness = { vkey, url: addressesFor(ports).witness };
  const rootKeyFile = join(layout.rootKey, 'root-key');
  keptSecret(rootKeyFile);
  const logKeys = ensureLogKeys(layout, { deployment: DEPLOYMENT, witness });
  return {
    layout,
    ports,
    authority,
    parties,
    certificates,
    people,
    clients,
    identity: ensureIdentityFiles(layout.identity, { people, clients }),
    databases: ensureDatabaseSecrets(layout.secrets),
    logKeyFile: logKeys.accessKeyFile,
    controlKeyFile: logKeys.controlKeyFile,
    certificateKeyFile: logKeys.certificateKeyFile,
    rootFile: join(layout.rootKey, 'roots.json'),
    rootKeyFile,
  };
}

/** The certificate and key of a party. */
export function certificateOf(installation: Installation, name: string): CertificateFiles {
  const files = installation.certificates[name];
  if (files === undefined) throw new Error(`no certificate was issued for ${name}`);
  return files;
}
