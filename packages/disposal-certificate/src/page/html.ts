/** Text that is HTML already. Only {@link html} makes it, and what it takes in is escaped. */
export class Html {
  readonly #text: string;

  constructor(parts: readonly string[], values: readonly HtmlValue[]) {
    this.#text = parts
      .map((part, at) => part + (at < values.length ? asHtml(values[at]) : ''))
      .join('');
  }

  toString(): string {
    return this.#text;
  }
}

export type HtmlValue = Html | string | number | readonly Html[] | undefined;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML with every value escaped that is not HTML itself. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts, values);
}

function asHtml(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(asHtml).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}
