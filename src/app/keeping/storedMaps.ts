// The stored maps of the finished run on screen, by image id, outside the store. They are what the first view shows
// before, or without, any engine; a new training run drops them.
import type { ImageId } from '../../engine/api/types';

export interface StoredMap {
  width: number;
  height: number;
  values: Float32Array;
}

let maps = new Map<ImageId, StoredMap>();

export const storedMap = (id: ImageId | null): StoredMap | null =>
  id === null ? null : (maps.get(id) ?? null);

export function keepStoredMaps(next: Map<ImageId, StoredMap>): void {
  maps = next;
}

/** The stored value at a place in [0, 1), the nearest cell's. */
export function readStoredMap(id: ImageId, { x, y }: { x: number; y: number }): number | null {
  const map = maps.get(id);
  if (!map) return null;
  return map.values[Math.floor(y * map.height) * map.width + Math.floor(x * map.width)] ?? null;
}
