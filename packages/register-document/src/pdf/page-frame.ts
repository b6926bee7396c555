import type { RegisterDocument } from '../register-document.ts';
import { breakLines, widthOfText } from './break-lines.ts';
import type { Glyphs } from './glyphs.ts';
import { shownText } from './glyphs.ts';
import { clockInJapan } from './japan-time.ts';
import { PAGE } from './open-pdf.ts';
import type { Pdf } from './open-pdf.ts';

/** Where tables may stand. */
export const TOP = 74;
export const BOTTOM = PAGE.height - 40;

/** What stands on every page: which register it is, of whom, for when, made when, and which page it is. */
export function makePageFrame(pdf: Pdf, glyphs: Glyphs, document: RegisterDocument) {
  const { tenantId, period, madeAt } = document;
  const title = shownText(document.title);
  const facts = [
    `委託元：${tenantId}`,
    `期間：${period.from} から ${period.to} まで`,
    `作成：${clockInJapan(madeAt)}（日時は日本時間）`,
  ].join('　　');
  let pages = 0;

  const right = (text: string, y: number, size: number) => {
    const x = PAGE.width - PAGE.margin - widthOfText(text, glyphs.widthOf) * size;
    glyphs.show(text, { x, y, size });
  };

  return {
    /** Turns the page. The one before is done with: nothing can be written on it any more. */
    next(): void {
      pdf.addPage();
      pages += 1;
      const [line = ''] = breakLines(title, (PAGE.width - 300) / 14, glyphs.widthOf);
      glyphs.show(line, { x: PAGE.margin, y: 44, size: 14 });
      right(document.basis, 44, 8);
      glyphs.show(facts, { x: PAGE.margin, y: 61, size: 8 });
      const foot = PAGE.height - 20;
      glyphs.show('この帳簿に個人番号は記載していない', { x: PAGE.margin, y: foot, size: 7 });
      right(`${tenantId}　${pages} ページ`, foot, 8);
    },
    pages: () => pages,
  };
}

export type PageFrame = ReturnType<typeof makePageFrame>;
