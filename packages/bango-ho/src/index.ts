export { CONFIDENCES } from './provenance.ts';
export type { Confidence, Provenance } from './provenance.ts';
export type { LegalDay } from './legal-day.ts';
export { PURPOSE_OPERATIONS, PURPOSE_SUBJECTS } from './purpose.ts';
export type { Purpose, PurposeOperation, PurposeSubject, Season } from './purpose.ts';
export { PURPOSES, findPurpose } from './purposes.ts';
