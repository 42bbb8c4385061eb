// Reads what the page ships: the list of bundled sets, a set's images, and the stored result of a finished run.
// Files of our own making, yet judged like any other: a half-written one must not take the page down.
import type { DemoManifest } from '../../lib/datasets/demo';
import type { StoredResult } from './demoFiles';
import { SetUnreadable } from '../shell/errors';
import type { SetSummary } from './dataSlice';
import { t } from '../languages/texts';

export type { StoredResult } from './demoFiles';

/** Bundled files lie beside the page, on whatever sub-path it is served from. */
const DEMO = `${import.meta.env.BASE_URL}demo/`;

export const demoUrl = (set: string, path: string) => `${DEMO}${encodeURIComponent(set)}/${encodePath(path)}`;
const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/');

/** Comes while the files are under way. */
const judges = () => import('./demoFiles');

/** The sets there are, in the chooser's order. @throws SetUnreadable, DemoManifestInvalid */
export async function fetchSets(): Promise<SetSummary[]> {
  const [{ readDemoList }, json] = await Promise.all([
    judges(),
    fetchJson(`${DEMO}index.json`, t('list of sets')),
  ]);
  return readDemoList(json);
}

/** @throws SetUnreadable, DemoManifestInvalid */
export async function fetchSet(id: string): Promise<DemoManifest> {
  const [{ readDemoManifest }, json] = await Promise.all([
    judges(),
    fetchJson(demoUrl(id, 'index.json'), id),
  ]);
  return { ...readDemoManifest(json), id };
}

/** The stored result of a set and its fused maps at feature resolution, by image path. @throws SetUnreadable */
export async function fetchResult(
  set: string,
): Promise<{ result: StoredResult; maps: Map<string, Float32Array> }> {
  const [{ readStoredResult }, json, bytes] = await Promise.all([
    judges(),
    fetchJson(demoUrl(set, 'result.json'), set),
    fetchBytes(demoUrl(set, 'maps.bin'), set),
  ]);
  const result = readStoredResult(json, set);
  return { result, maps: splitMaps(set, result, bytes) };
}

function splitMaps(set: string, { maps, height, width }: StoredResult, bytes: ArrayBuffer) {
  const size = height * width;
  if (bytes.byteLength !== 4 * size * maps.length) {
    throw new SetUnreadable(
      set,
      t('its maps have {byteLength} bytes, expected {size}', {
        byteLength: bytes.byteLength,
        size: 4 * size * maps.length,
      }),
    );
  }
  return new Map(maps.map((path, index) => [path, new Float32Array(bytes, 4 * size * index, size)]));
}

/** The stored model, for the engine. @throws SetUnreadable */
export const fetchStoredModel = (set: string) => fetchBytes(demoUrl(set, 'model.safetensors'), set);

async function fetchBytes(url: string, set: string): Promise<ArrayBuffer> {
  return (await get(url, set)).arrayBuffer();
}

async function fetchJson(url: string, set: string): Promise<unknown> {
  const response = await get(url, set);
  try {
    return (await response.json()) as unknown;
  } catch (error) {
    throw new SetUnreadable(set, t('its description is damaged'), { cause: error });
  }
}

async function get(url: string, set: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new SetUnreadable(set, navigator.onLine ? t('the request failed') : t('the browser is offline'), {
      cause: error,
    });
  }
  // Some static hosts answer a missing file with their start page.
  const page = response.headers.get('content-type')?.includes('text/html') ?? false;
  if (!response.ok || page)
    throw new SetUnreadable(set, t('{url} is missing', { url: url.split('/').at(-1)! }));
  return response;
}
