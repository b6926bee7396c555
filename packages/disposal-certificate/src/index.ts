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
