import { BatchStoppedError, ProblemError } from '@mnv/client';

/** One sentence for whoever typed the command. Never a stack, never what was sent. */
export function describeFailure(error: unknown): string {
  if (error instanceof BatchStoppedError) {
    return `stopped after ${error.resumeAt} items: ${describeFailure(error.cause)}`;
  }
  if (error instanceof ProblemError) return `the service refused (${error.code}): ${error.detail}`;
  if (isFileError(error)) return `${FILE_ERRORS[error.code] ?? error.code}: ${shown(error.path)}`;
  return error instanceof Error ? error.message : 'it failed for an unknown reason.';
}

/** Whoever typed a number in the place of a file does not see it again. */
function shown(path: string): string {
  return path.replaceAll(/[0-9]{12,}/g, '…');
}

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'the file may not be read or written',
  EISDIR: 'a file is needed, not a directory',
  ENOTDIR: 'a directory is needed, not a file',
  ENOSPC: 'no space is left for the file',
};

function isFileError(error: unknown): error is Error & { code: string; path: string } {
  if (!(error instanceof Error)) return false;
  const { code, path } = error as Error & { code?: unknown; path?: unknown };
  return typeof code === 'string' && typeof path === 'string';
}
