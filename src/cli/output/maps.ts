// `--maps DIR`: per test image its anomaly map as raw floats (.npy) and painted over the image (.png), on one
// colour scale for the whole data set.
import { join, resolve } from 'node:path';
import { colormap } from '../../lib/overlay/colormaps';
import { decodeImage } from '../../lib/images/decode';
import type { RgbImage } from '../../lib/images/image';
import type { PixelRange } from '../../lib/images/pixelRange';
import { resizeBilinear } from '../../lib/images/resize';
import type { MapData, ScoreTable } from '../../engine/api/types';
import { writeNpy } from '../../lib/formats/npy';
import { encodePng } from '../../lib/formats/png';
import { paintOverlay, type OverlayLook } from '../../lib/overlay/paintOverlay';
import type { Params } from '../../settings/table';
import type { DatasetImage } from '../data/dataset';
import { FileUnwritable } from '../errors';
import { readBytes, writeBytes } from '../data/files';
import type { Workbench } from '../bench/workbench';

/** What the pictures are painted with. */
export interface MapRequest {
  params: Pick<Params, 'opacity' | 'colormap' | 'smooth' | 'refine'>;
  table: Pick<ScoreTable, 'ranges' | 'pixelRange'> & { threshold: { value: number } | null };
  images: readonly DatasetImage[];
}

/**
 * Writes `DIR/<path without extension>.npy` and `_overlay.png` for every test image. Nothing is written outside DIR,
 * and no image that was read is written over.
 * @throws FileUnwritable
 */
export async function writeMaps(workbench: Workbench, folder: string, request: MapRequest): Promise<void> {
  const test = request.images.filter(({ split }) => split === 'test');
  const targets = targetsOf(folder, test, request.images);
  const look = lookOf(request);
  const { smooth, refine } = request.params;
  for (const [i, image] of test.entries()) {
    workbench.progress.update(`writing maps ${i + 1}/${test.length}`);
    const map = await workbench.call('readMap', { image: image.path, map: 'fused', smooth, refine });
    const { npy, png } = targets[i]!;
    const overlay = await picture(image, map, look, request.table.pixelRange ?? null);
    await writeBytes(npy, writeNpy(map.values, [map.height, map.width]));
    await writeBytes(png, overlay);
  }
}

type Source = Pick<DatasetImage, 'path' | 'file'>;

/** Where each image's map goes. @throws FileUnwritable when that is one of the images that were read */
export function targetsOf(folder: string, images: readonly Source[], read: readonly Source[] = images) {
  const sources = new Set(read.map(({ file }) => resolve(file)));
  const stems = uniqueStems(images.map(({ path }) => pathInside(path)));
  return stems.map((stem) => {
    const target = { npy: join(folder, `${stem}.npy`), png: join(folder, `${stem}_overlay.png`) };
    if (sources.has(resolve(target.png))) throw new FileUnwritable(target.png, 'it is one of the images');
    return target;
  });
}

/** A path without its root and without steps upwards: joined to a folder, it stays inside. */
export function pathInside(path: string): string {
  const steps = path.replace(/^[a-z]:/i, '').split(/[/\\]/);
  return steps.filter((step) => !['', '.', '..'].includes(step)).join('/');
}

function lookOf({ params, table }: MapRequest): OverlayLook {
  return {
    range: table.ranges.fused,
    lut: colormap(params.colormap),
    opacity: params.opacity / 100,
    threshold: table.threshold?.value ?? null,
  };
}

async function picture(
  { file }: DatasetImage,
  map: MapData,
  look: OverlayLook,
  range: PixelRange | null,
): Promise<Uint8Array> {
  const { width, height } = map;
  const { image } = await decodeImage(new Uint8Array(await readBytes(file)), range);
  const overlay = paintOverlay({
    ...look,
    map: map.values,
    width,
    height,
    outWidth: width,
    outHeight: height,
  });
  return encodePng(laidOver(resizeBilinear(image, width), overlay));
}

/** The image with an RGBA picture of its size (not premultiplied) laid over it. */
export function laidOver({ width, height, data }: RgbImage, overlay: Uint8ClampedArray): RgbImage {
  const mixed = new Uint8ClampedArray(data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = overlay[4 * pixel + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      const below = data[3 * pixel + channel]!;
      mixed[3 * pixel + channel] = below + alpha * (overlay[4 * pixel + channel]! - below);
    }
  }
  return { width, height, data: new Uint8Array(mixed.buffer) };
}

/** Paths without extension, each its own: with the extension (`a.png`, `a.jpg`) or a number where two would be alike. */
export function uniqueStems(paths: readonly string[]): string[] {
  const stems = paths.map((path) => path.replace(/\.[^./]+$/, ''));
  const names = stems.map((stem, i) => (isRepeated(stems, stem) ? paths[i]! : stem));
  return names.map((name, i) => (isRepeated(names, name) ? `${name}_${i + 1}` : name));
}

const isRepeated = (names: readonly string[], name: string) =>
  names.indexOf(name) !== names.lastIndexOf(name);
