import type { ReadBatches } from './stored-entries.ts';
import { readOnward } from './stored-entries.ts';
import type { TileStore } from './stored-tiles.ts';

/** What one answer is read from: no batch and no tile is asked for twice. */
export type TileSource = { read: ReadBatches; find: TileStore['findTile'] };

export function tileSource({ findTile }: TileStore, readBatches: ReadBatches): TileSource {
  const found = new Map<string, ReturnType<TileStore['findTile']>>();
  const find: TileStore['findTile'] = (place) => {
    const name = `${place.level}/${place.idx}`;
    const known = found.get(name) ?? findTile(place);
    found.set(name, known);
    return known;
  };
  return { read: readOnward(readBatches), find };
}
