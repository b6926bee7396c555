import { inflateSync } from 'node:zlib';

type PdfObject = { dictionary: string; stream: Buffer | undefined };

/**
 * The texts of each page of a PDF that a service of ours wrote, in the order in which they are shown. Throws when the
 * file is not whole. It reads what our writer uses of the format, and no more.
 */
export function readPdf(bytes: Uint8Array): string[][] {
  const file = Buffer.from(bytes);
  if (!file.toString('latin1').trimEnd().endsWith('%%EOF')) throw new Error('the PDF is cut short');
  const objects = objectsOf(file);
  const characters = charactersOf(objects);
  const kids = [...objects.values()].find(({ dictionary }) => /\/Type \/Pages\b/.test(dictionary));
  return referencesIn(/\/Kids \[([^\]]*)\]/.exec(kids?.dictionary ?? '')?.[1] ?? '').map((page) => {
    const [content] = referencesIn(
      /\/Contents (\d+ 0 R)/.exec(objects.get(page)?.dictionary ?? '')?.[1] ?? '',
    );
    const shown = objects.get(content ?? 0)?.stream?.toString('latin1') ?? '';
    return [...shown.matchAll(/<([0-9a-f]*)> Tj/g)].map(([, codes = '']) =>
      (codes.match(/.{4}/g) ?? []).map((code) => characters.get(code) ?? '\ufffd').join(''),
    );
  });
}

function objectsOf(file: Buffer): Map<number, PdfObject> {
  const text = file.toString('latin1');
  const objects = new Map<number, PdfObject>();
  const heads = /(?:^|\n)(\d+) 0 obj\n/g;
  for (let head = heads.exec(text); head !== null; head = heads.exec(text)) {
    const rest = text.slice(heads.lastIndex);
    const dictionary = rest.slice(0, /\n(?:stream|endobj)\n/.exec(rest)?.index);
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0);
    const begin = heads.lastIndex + dictionary.length + '\nstream\n'.length;
    const isStream = rest.startsWith('\nstream\n', dictionary.length);
    const raw = file.subarray(begin, begin + length);
    const packed = dictionary.includes('/FlateDecode');
    objects.set(Number(head[1]), {
      dictionary,
      stream: isStream ? Buffer.from(packed ? inflateSync(raw) : raw) : undefined,
    });
    if (isStream) heads.lastIndex = begin + length;
  }
  return objects;
}

/** What each glyph stands for: by the map the file carries so that people can search it. */
function charactersOf(objects: ReadonlyMap<number, PdfObject>): Map<string, string> {
  const characters = new Map<string, string>();
  for (const { stream } of objects.values()) {
    const map = stream?.toString('latin1') ?? '';
    if (!map.includes('begincmap')) continue;
    for (const [, first = '', values = ''] of map.matchAll(
      /<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g,
    ))
      for (const [at, value] of (values.match(/[0-9a-f]+/g) ?? []).entries()) {
        const code = (Number.parseInt(first, 16) + at).toString(16).padStart(4, '0');
        characters.set(code, Buffer.from(value, 'hex').swap16().toString('utf16le'));
      }
  }
  return characters;
}

function referencesIn(text: string): number[] {
  return [...text.matchAll(/(\d+) 0 R/g)].map(([, id]) => Number(id));
}
