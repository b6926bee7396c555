import { isCount } from '../merkle/tree-shape.ts';

/** Hashes or entries of a full tile. */
export const TILE_WIDTH = 256;

/** A resource of a tlog-tiles log: `width` is 256, or less for a partial tile. */
export type Tile =
  | {
      readonly kind: 'hashes';
      readonly level: number;
      readonly index: number;
      readonly width: number;
    }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

const MAX_LEVEL = 63;
const TILE_PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/;

/** `tile/<L>/<N>[.p/<W>]`, for example `tile/0/x001/x234/067.p/112`. Throws RangeError. */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  return pathOf({ kind: 'hashes', level, index, width });
}

/** `tile/entries/<N>[.p/<W>]`. Throws RangeError. */
export function entryBundlePath(index: number, width: number = TILE_WIDTH): string {
  return pathOf({ kind: 'entries', index, width });
}

/** The path of a tile. Throws RangeError. */
export function pathOf(tile: Tile): string {
  if (!isTile(tile)) throw new RangeError('no tile has such a level, index or width');
  const level = tile.kind === 'entries' ? 'entries' : tile.level;
  const partial = tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`;
  return `tile/${level}/${indexPath(tile.index)}${partial}`;
}

/** The tile that a path names; undefined unless it is spelled the one right way. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level = '', index = '', width = '256'] = TILE_PATH.exec(path) ?? [];
  const place = { index: Number(index.replaceAll(/[x/]/g, '')), width: Number(width) };
  const tile: Tile =
    level === 'entries'
      ? { kind: 'entries', ...place }
      : { kind: 'hashes', level: Number(level), ...place };
  // Writing it again refuses every other spelling: leading zeros, `x000`, `.p/256`.
  return isTile(tile) && pathOf(tile) === path ? tile : undefined;
}

/** 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

function isTile(tile: Tile): boolean {
  if (tile.kind === 'hashes' && (!isCount(tile.level) || tile.level > MAX_LEVEL)) return false;
  return isCount(tile.index) && isCount(tile.width) && tile.width >= 1 && tile.width <= TILE_WIDTH;
}
