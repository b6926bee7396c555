import { spawn } from 'node:child_process';
import { SERVER_IDENTITY } from './server-identity.ts';

/**
 * Ends a process when we end, even by SIGKILL: the kernel then closes our end of the pipe and the watcher's
 * read returns. SIGQUIT is PostgreSQL's immediate shutdown. The returned function dismisses the watcher;
 * call it once the process is gone, before its pid can be another's.
 */
export function endWithParent(pid: number): () => void {
  const script = 'read line; kill -QUIT "$1" 2>/dev/null';
  const watcher = spawn('/bin/sh', ['-c', script, 'end-with-parent', String(pid)], {
    ...SERVER_IDENTITY,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return () => void watcher.kill('SIGKILL');
}
