/** What a copy of an identity document may be; told from its first bytes, never from what a sender says. */
export const DOCUMENT_MEDIA = ['image/jpeg', 'image/png', 'application/pdf'] as const;
export type DocumentMedia = (typeof DOCUMENT_MEDIA)[number];

/** The largest copy: a page photographed by a telephone fits. */
export const MAX_DOCUMENT_BYTES = 5 * 1024 * 1024;
/** Front and back of two documents. */
export const MAX_DOCUMENTS_A_RECORD = 4;

/** What is known of a copy of an identity document (本人確認書類の写し) without opening it. Days are legal days. */
export type DocumentMetadata = {
  documentId: string;
  recordId: string;
  /** The check it was taken for: `N1`–`N7` or `I1`–`I6`. */
  check: string;
  mediaType: DocumentMedia;
  bytes: number;
  /** RFC 3339, UTC. */
  storedAt: string;
  /** Absent: its time is counted from the day it was stored. */
  verifiedOn?: string;
  /** The last day it is kept. */
  keptUntil: string;
  /** A legal hold (法的保全) covers the individual: it is kept beyond that day. Absent otherwise. */
  held?: true;
  /** When its sealed bytes were dropped, and why: its time was over, or its record was disposed of. */
  purged?: { at: string; because: 'time' | 'disposal' };
};

/** How long a tenant keeps such copies, and what says so. */
export type DocumentPeriod = {
  keepDays: number;
  maximumDays: number;
  rule: string;
  citation: string;
  confidence: string;
  doubt: string | null;
};
