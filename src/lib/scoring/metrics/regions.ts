// Connected regions of a binary mask, for AUPRO: each defect counts once, however small it is.

/** A binary mask, row-major, one byte a pixel; anything but 0 belongs to a defect. */
export interface RegionMask {
  width: number;
  height: number;
  data: Uint8Array;
}

export interface Regions {
  /** Per pixel 0 for the background, else the region's number from 1, in reading order of their first pixels. */
  labels: Int32Array;
  /** Pixels of each region; index 0 is region 1. */
  sizes: number[];
}

/** The 8-connected regions of a mask. */
export function connectedRegions(mask: RegionMask): Regions {
  const labels = new Int32Array(mask.width * mask.height);
  const sizes: number[] = [];
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (mask.data[pixel] !== 0 && labels[pixel] === 0) {
      sizes.push(flood(mask, labels, pixel, sizes.length + 1));
    }
  }
  return { labels, sizes };
}

/** Writes `label` over the region that holds `first`; its number of pixels. */
function flood(mask: RegionMask, labels: Int32Array, first: number, label: number): number {
  const waiting = [first];
  labels[first] = label;
  let size = 0;
  for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop()) {
    size++;
    forNeighbours(mask, pixel, (neighbour) => {
      if (mask.data[neighbour] === 0 || labels[neighbour] !== 0) return;
      labels[neighbour] = label;
      waiting.push(neighbour);
    });
  }
  return size;
}

function forNeighbours(mask: RegionMask, pixel: number, visit: (neighbour: number) => void): void {
  const x = pixel % mask.width;
  const y = (pixel - x) / mask.width;
  for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, mask.height - 1); row++) {
    for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, mask.width - 1); column++) {
      visit(row * mask.width + column);
    }
  }
}
