import { spawn } from 'node:child_process';

const SCRIPT = 'read line; sleep "$1"; rm -rf -- "$2"';

/**
 * Removes a directory when this process ends, even by SIGKILL: the kernel then closes our end of the pipe and
 * the watcher's read returns. The returned function dismisses the watcher; call it once the directory is gone.
 */
export function removeWithProcess(directory: string, afterSeconds = 0): () => void {
  const args = ['-c', SCRIPT, 'remove-with-process', String(afterSeconds), directory];
  const watcher = spawn('/bin/sh', args, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own group: the Ctrl-C that ends us must not end it first.
    detached: true,
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return () => void watcher.kill('SIGKILL');
}
