const DIRECTORY = new URL('../../../node_modules/.cache/node-compile', import.meta.url).pathname;

/**
 * The environment by which Node keeps compiled code beside the packages it comes from, as npm's scripts have it:
 * half of the time a process of ours takes to start.
 */
export const COMPILED_CODE = { NODE_COMPILE_CACHE: DIRECTORY } as const;
