import {
  formatCheckpoint,
  newLogKey,
  noteSigner,
  signNote,
  writeTiles,
} from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';

export const ORIGIN = 'test/control';
export const controlKey = newLogKey(ORIGIN);

/** The files of a control log of these entries, as an honest vault would show them. */
export async function writtenControlLog(...entries: string[]): Promise<FetchFile> {
  const files = new Map<string, Uint8Array>();
  const put = (path: string, bytes: Uint8Array) => Promise.resolve(void files.set(path, bytes));
  const bytes = entries.map((entry) => Buffer.from(entry));
  const tree = await writeTiles({ entries: bytes, put });
  const text = formatCheckpoint({ origin: ORIGIN, ...tree });
  const note = signNote(text, [noteSigner(ORIGIN, controlKey.privateKey)]);
  files.set('checkpoint', Buffer.from(note));
  return (path) => Promise.resolve(files.get(path));
}
