import { closeSync, lstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FormSearch } from './form-search.ts';
import type { SecretForm } from './number-forms.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

/** A form found in a file; nothing of the secret itself. */
export interface FileFinding {
  readonly file: string;
  readonly at: number;
  readonly form: string;
}

/** What a scan went over and what it found: a scan that saw no file found nothing for another reason. */
export interface ScanResult {
  readonly files: number;
  readonly bytes: number;
  /** Each secret once per file and form. */
  readonly findings: readonly FileFinding[];
}

/** Searches every regular file below these directories for every form. Files that vanish are passed over. */
export function scanFiles(
  directories: readonly string[],
  forms: readonly SecretForm[],
): ScanResult {
  const search = new FormSearch(forms);
  const findings = new Map<string, FileFinding>();
  const block = Buffer.allocUnsafe(BLOCK_BYTES + search.longest);
  let [files, bytes] = [0, 0];
  for (const file of directories.flatMap((directory) => [...filesBelow(directory)])) {
    files += 1;
    for (const part of partsOf(file, { block, longest: search.longest })) {
      bytes += part.fresh;
      for (const { at, form } of search.find(part.bytes))
        findings.set(`${file} ${at} ${form}`, { file, at, form });
    }
  }
  return { files, bytes, findings: [...findings.values()] };
}

function* filesBelow(directory: string): Generator<string> {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) yield* filesBelow(path);
    else if (stat?.isFile() === true) yield path;
  }
}

/** The bytes of a file in parts that overlap, so that no form is cut by a border; each in the same block. */
function* partsOf(
  file: string,
  { block, longest }: { block: Buffer; longest: number },
): Generator<{ bytes: Buffer; fresh: number }> {
  const handle = openSync(file, 'r');
  try {
    for (let kept = 0; ; ) {
      const fresh = readSync(handle, block, kept, BLOCK_BYTES, null);
      if (fresh === 0) return;
      const length = kept + fresh;
      yield { bytes: block.subarray(0, length), fresh };
      kept = Math.min(length, longest);
      block.copyWithin(0, length - kept, length);
    }
  } finally {
    closeSync(handle);
  }
}
