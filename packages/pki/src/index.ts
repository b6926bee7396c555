export { createAuthority, issueCertificate } from './authority.ts';
export type { Authority } from './authority.ts';
export { createRequest, readRequest } from './certificate-request.ts';
export type { CertificateRequest } from './certificate-request.ts';
export { DEVELOPMENT_POLICY_OID, isDevelopmentCertificate } from './development-policy.ts';
export type { Usage } from './extensions.ts';
