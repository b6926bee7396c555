import { createRequire } from 'node:module';
import type { RegisterDocument } from '../register-document.ts';

const FACE = '@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf';

/** A4, turned. */
export const PAGE = { width: 841.89, height: 595.28, margin: 34 } as const;

/**
 * A document without a page, in the face BIZ UDPGothic; only the glyphs that are used get into it. pdfkit is loaded
 * with the first one.
 */
export async function openPdf({ title, tenantId, madeAt }: RegisterDocument) {
  const { default: PdfDocument } = await import('pdfkit');
  const pdf = new PdfDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: 'ja-JP',
    displayTitle: true,
    info: { Title: `${title} ${tenantId}`, CreationDate: new Date(madeAt) },
  });
  pdf.font(createRequire(import.meta.url).resolve(FACE));
  return pdf;
}

export type Pdf = Awaited<ReturnType<typeof openPdf>>;
