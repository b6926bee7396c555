/** Wide and full-width characters (UAX #11) of the scripts that names and headings are written in, and pictographs. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** A mark on the character before it, such as a dakuten that stands alone in NFD, or a variant selector (IVS). */
const COMBINING = /\p{Mark}/u;

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  return [...text].reduce((width, character) => width + columnsOf(character), 0);
}

function columnsOf(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
