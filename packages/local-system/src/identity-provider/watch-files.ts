import { unwatchFile, watchFile } from 'node:fs';

const POLL_MS = 2_000;

/** Calls back after any of the files has changed. Polls, because a renewal replaces files by renaming. */
export function watchFiles(files: readonly string[], changed: () => void): () => void {
  for (const file of files) {
    watchFile(file, { interval: POLL_MS, persistent: false }, (now, before) => {
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) changed();
    });
  }
  return () => {
    for (const file of files) unwatchFile(file, changed);
  };
}
