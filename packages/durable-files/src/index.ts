export { createFile } from './create-file.ts';
export { makeDirectoriesIn } from './make-directories.ts';
export { replaceFile } from './replace-file.ts';
export { syncDirectory } from './sync-directory.ts';
