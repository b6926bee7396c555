import type { RegisterDocument } from './register-document.ts';
import { writeCsv } from './write-csv.ts';
import { writePdf } from './write-pdf.ts';

/** In which forms a register is handed out, by media type. */
export const FORMATS = {
  'application/pdf': writePdf,
  'text/csv': writeCsv,
} as const satisfies Record<string, (document: RegisterDocument) => AsyncGenerator<Uint8Array>>;

export type Format = keyof typeof FORMATS;

/** The first is what is given to those who do not say. */
export const MEDIA_TYPES = ['application/pdf', 'text/csv'] as const satisfies Format[];
