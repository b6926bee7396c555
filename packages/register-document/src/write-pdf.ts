import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { drawTable } from './pdf/draw-table.ts';
import type { Sheet } from './pdf/draw-table.ts';
import { GETA, makeGlyphs } from './pdf/glyphs.ts';
import { openPdf } from './pdf/open-pdf.ts';
import type { Pdf } from './pdf/open-pdf.ts';
import { makePageFrame } from './pdf/page-frame.ts';
import type { RegisterDocument, Table } from './register-document.ts';

/** So long may others of the process wait. */
const BUSY_MS = 10;

/**
 * The register for people who read paper (A4). Written page by page: what is held grows with the pages by some
 * hundred bytes each. A file that was cut short does not open, and what is whole says so in its last line.
 */
export async function* writePdf(document: RegisterDocument): AsyncGenerator<Uint8Array> {
  const pdf = await openPdf(document);
  const glyphs = makeGlyphs(pdf);
  const sheet = { pdf, glyphs, frame: makePageFrame(pdf, glyphs, document), pen: { y: 0 } };
  for (const [at, table] of document.tables.entries()) {
    yield* writeTable(sheet, table, document.tables.length - at);
  }
  pdf.end();
  yield* written(pdf);
}

async function* writeTable(
  sheet: Sheet,
  { rows, ...table }: Table,
  left: number,
): AsyncGenerator<Uint8Array> {
  const drawing = drawTable(sheet, table);
  let [count, since] = [0, performance.now()];
  for await (const row of rows) {
    drawing.row(row);
    count += 1;
    if (performance.now() - since < BUSY_MS) continue;
    yield* written(sheet.pdf);
    await turnOfOthers();
    since = performance.now();
  }
  drawing.remark(count === 0 ? '該当なし（以上 0 件）' : `以上 ${count} 件`);
  if (left === 1) drawing.remark(closingOf(sheet));
}

function closingOf({ frame, glyphs }: Sheet): string {
  const whole = `全 ${frame.pages()} ページ`;
  const replaced = glyphs.replaced();
  return replaced === 0 ? whole : `${whole}　${GETA} は書体にない文字（${replaced} 字）`;
}

/** What is ready. */
function* written(pdf: Pdf): Generator<Uint8Array> {
  for (let part = pdf.read(); part !== null; part = pdf.read()) yield part as Buffer;
}
