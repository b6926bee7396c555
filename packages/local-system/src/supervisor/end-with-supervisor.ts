import { spawn } from 'node:child_process';

const SCRIPT = 'read line; kill -TERM "$1" 2>/dev/null; sleep 6; kill -KILL "$1" 2>/dev/null';

/**
 * Ends a process when this one ends, even by SIGKILL: the kernel then closes our end of the pipe and the
 * watcher's read returns. The returned function dismisses the watcher; call it when the process is gone.
 */
export function endWithSupervisor(pid: number): () => void {
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'end-with-supervisor', String(pid)], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  return () => void watcher.kill('SIGKILL');
}
