// oxlint-disable typescript/no-require-imports -- jest loads its transforms by require
const { createHash } = require('node:crypto');
const { transformSync } = require('amaro');

// Part of the cache key. amaro does not export its package.json, so it is raised by hand with the version.
const STRIPPER = 'amaro-1.2.1';

/** Types become spaces, so every line and column of a stack trace is the source's own. */
module.exports = {
  process: (source) => ({ code: transformSync(source, { mode: 'strip-only' }).code }),
  getCacheKey: (source, file, { instrument }) =>
    createHash('sha256')
      .update(JSON.stringify([STRIPPER, file, instrument, source]))
      .digest('hex'),
};
