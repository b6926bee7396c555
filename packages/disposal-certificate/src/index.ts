export type {
  EvidenceEgress,
  EvidenceHead,
  EvidenceIndices,
  EvidenceItem,
  EvidenceMapHead,
  EvidencePerson,
  EvidenceRecipient,
  EvidenceRoot,
  EvidenceSlotProof,
} from './evidence.ts';
export { mapHeadAsEvidence, slotProofAsEvidence } from './evidence-text.ts';
export { buildCertificate } from './build-certificate.ts';
export type { CertificateSources } from './build-certificate.ts';
export { UnverifiableCertificateError, issueCertificate } from './issue-certificate.ts';
export {
  MalformedCertificateError,
  certificateKeyName,
  digestOfCertificate,
  readCertificate,
  signCertificate,
} from './certificate-jws.ts';
export type { ReadCertificate } from './certificate-jws.ts';
export { MAX_ITEMS } from './certificate-format.ts';
export type { CertificateItem, DisposalCertificate } from './certificate-format.ts';
export { verifyCertificate } from './verify-certificate.ts';
export type { CertificateVerification, VerificationMeans } from './verify-certificate.ts';
export { CLAIMS } from './claims.ts';
export type { ClaimId } from './claims.ts';
export type { ClaimVerdict, Finding, FindingCode, Verdict } from './findings.ts';
export { controlAutomaton } from './control-automaton.ts';
export type { ControlAutomaton, FindFault } from './control-automaton.ts';
export { LOG_FAULT_TEXTS } from './log-fault-texts.ts';
export type { LogFaultCode } from './log-fault-texts.ts';
export type { LoggedRoot } from './root-rules.ts';
export { certificatePage } from './page/certificate-page.ts';
export { inBothZones, viewOf } from './page/certificate-view.ts';
export type { CertificateView, Fact, Label, RecipientSum, Step } from './page/certificate-view.ts';
