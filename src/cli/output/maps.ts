// `--maps DIR`: per test image its anomaly map as raw floats (.npy) and painted over the image (.png), on one
// colour scale for the whole data set.
import { join } from 'node:path';
import { colormap } from '../../lib/overlay/colormaps';
import { decodeImage } from '../../lib/images/decode';
import type { RgbImage } from '../../lib/images/image';
import type { PixelRange } from '../../lib/images/pixelRange';
import { resample } from '../../lib/images/resize';
import type { MapData, ScoreTable } from '../../engine/api/types';
import { writeNpy } from '../../lib/formats/npy';
import { encodePng } from '../../lib/formats/png';
import { paintOverlay, type OverlayLook } from '../../lib/overlay/paintOverlay';
import type { Params } from '../../settings/table';
import type { DatasetImage } from '../data/dataset';
import { readBytes, writeBytes } from '../data/files';
import { FileUnwritable, MapsMissing } from '../errors';
import { assertInside, assertOutside, assertTargets, foldedName } from './targets';
import type { Workbench } from '../bench/workbench';

/** What the pictures are painted with. */
export interface MapRequest {
  params: Pick<Params, 'opacity' | 'colormap' | 'smooth' | 'refine'>;
  table: Pick<ScoreTable, 'ranges' | 'pixelRange'> & { threshold: { value: number } | null };
  images: readonly DatasetImage[];
}

/** What else a command writes and reads. */
export interface Beside {
  /** Other files that it writes. */
  files: readonly string[];
  /** Images that get a map. */
  images: readonly DatasetImage[];
  /** Where it looks for images: folders, zips, files. */
  searched: readonly string[];
  /** Files that it reads. */
  inputs: readonly string[];
}

/**
 * Checks the maps' places and those of the command's other files, before the work starts.
 * @param folder where maps go; null: nowhere
 * @throws FileUnwritable
 */
export async function assertMapTargets(
  folder: string | null,
  { files, images, searched, inputs }: Beside,
): Promise<void> {
  const maps = folder === null ? [] : targetsOf(folder, images).flatMap(({ npy, png }) => [npy, png]);
  await assertTargets([...files, ...maps], inputs);
  if (folder !== null) await assertOutside(folder, searched);
  for (const path of maps) await assertInside(path, folder!);
}

/**
 * Writes `DIR/<path without extension>.npy` and `_overlay.png` for every test image. Nothing is written outside DIR, by
 * no name and through no link below it. Where one fails, those before it stay.
 * @throws FileUnwritable
 */
export async function writeMaps(workbench: Workbench, folder: string, request: MapRequest): Promise<void> {
  const test = request.images.filter(({ split }) => split === 'test');
  const targets = targetsOf(folder, test);
  const look = lookOf(request);
  const { smooth, refine } = request.params;
  for (const [i, image] of test.entries()) {
    workbench.progress.update(`writing maps ${i + 1}/${test.length}`);
    const map = await workbench.call('readMap', { image: image.path, map: 'fused', smooth, refine });
    const { npy, png } = targets[i]!;
    const overlay = await picture(image, map, look, request.table.pixelRange ?? null);
    try {
      await writeBytes(npy, writeNpy(map.values, [map.height, map.width]), { inside: folder });
      await writeBytes(png, overlay, { inside: folder });
    } catch (cause) {
      if (!(cause instanceof FileUnwritable)) throw cause;
      throw new MapsMissing(cause, i, test.length);
    }
  }
}

/** Where each image's map goes. */
export function targetsOf(folder: string, images: readonly Pick<DatasetImage, 'path'>[]) {
  const stems = uniqueStems(images.map(({ path }) => pathInside(path)));
  return stems.map((stem) => ({
    npy: join(folder, `${stem}.npy`),
    png: join(folder, `${stem}_overlay.png`),
  }));
}

/** A path without its root and without steps upwards: joined to a folder, it stays inside. */
export function pathInside(path: string): string {
  const steps = path.replace(/^[a-z]:/i, '').split(/[/\\]/);
  return steps.filter((step) => !['', '.', '..'].includes(step)).join('/');
}

/** How all maps of a set are painted. */
export function lookOf({ params, table }: Pick<MapRequest, 'params' | 'table'>): OverlayLook {
  return {
    range: table.ranges.fused,
    lut: colormap(params.colormap),
    opacity: params.opacity / 100,
    threshold: table.threshold?.value ?? null,
  };
}

async function picture(
  image: DatasetImage,
  map: MapData,
  look: OverlayLook,
  range: PixelRange | null,
): Promise<Uint8Array> {
  const { plain, painted } = await layersOf(image, map, look, {
    range,
    side: Math.max(map.width, map.height),
  });
  return encodePng(laidOver(plain, painted));
}

/** An image in the shape of its map, the longer side of `side` pixels, and the map painted at that size. @param range of samples of more than eight bits */
export async function layersOf(
  { file }: DatasetImage,
  { values, width, height }: MapData,
  look: OverlayLook,
  { range, side }: { range: PixelRange | null; side: number },
): Promise<{ plain: RgbImage; painted: Uint8ClampedArray }> {
  const { image } = await decodeImage(new Uint8Array(await readBytes(file)), range);
  const [outWidth, outHeight] = [width, height].map((length) =>
    Math.max(1, Math.round((length * side) / Math.max(width, height))),
  ) as [number, number];
  const painted = paintOverlay({ ...look, map: values, width, height, outWidth, outHeight });
  return { plain: resample(image, outWidth, outHeight), painted };
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

/**
 * Paths without extension, each its own on any file system: with the extension (`a.png`, `a.jpg`) or a number where two
 * would be alike, be it only for a system that takes `A.png` and `a.png` for one.
 */
export function uniqueStems(paths: readonly string[]): string[] {
  const stems = paths.map((path) => path.replace(/\.[^./]+$/, ''));
  const repeatedStem = repeatedIn(stems);
  const names = stems.map((stem, i) => (repeatedStem(stem) ? paths[i]! : stem));
  const repeated = repeatedIn(names);
  const taken = new Set(names.filter((name) => !repeated(name)).map(foldedName));
  return names.map((name, i) => {
    if (!repeated(name)) return name;
    let number = i + 1;
    while (taken.has(foldedName(`${name}_${number}`))) number++;
    taken.add(foldedName(`${name}_${number}`));
    return `${name}_${number}`;
  });
}

function repeatedIn(names: readonly string[]): (name: string) => boolean {
  const counts = new Map<string, number>();
  for (const name of names.map(foldedName)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (name) => counts.get(foldedName(name))! > 1;
}
