// How the command line is told what the files are: a layout in a file, and rules as flags, which go before it.
import type { Command } from 'commander';
import { readLayout, toLayout, NO_LAYOUT, type Layout, type Rule } from '../../lib/datasets/folder';
import { BadFlag } from '../errors';
import { readBytes } from './files';

/** What the flags leave. */
export interface LayoutFlags {
  layout?: string;
  normal?: string[];
  anomalous?: string[];
  mask?: string[];
  split?: string[];
}

/** @param command whose data it is about */
export const addLayoutOptions = (command: Command): Command =>
  command
    .option('--layout <file>', 'Rules that say what the files are, as JSON (docs/data.md).')
    .option('--normal <glob...>', 'Files or folders of normal images, as in --normal "ok/**".')
    .option('--anomalous <glob...>', 'Files or folders of anomalous images.')
    .option(
      '--mask <pattern...>',
      'Files that are masks; {name} stands for the name of the image, as in --mask "masks/{name}_m.png".',
    )
    .option(
      '--split <side=glob...>',
      'Which files train, validate or test, as in --split "test=day2/**"; or a table or JSON of the set that says it.',
    );

/** The flags that were given, under `layout`; nothing where none was. */
export function layoutFlagsOf({ layout, normal, anomalous, mask, split }: LayoutFlags): {
  layout?: LayoutFlags;
} {
  const given = Object.entries({ layout, normal, anomalous, mask, split }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length > 0 ? { layout: Object.fromEntries(given) } : {};
}

const SIDES = ['train', 'validation', 'test'] as const;

/** @throws FileUnreadable, LayoutInvalid, BadFlag */
export async function layoutOf(flags: LayoutFlags = {}): Promise<Layout> {
  const base = flags.layout === undefined ? NO_LAYOUT : await layoutIn(flags.layout);
  const splits = (flags.split ?? []).map(readSplit);
  const files = splits.filter((split) => typeof split === 'string');
  const rules: Rule[] = [
    ...(flags.mask ?? []).map((path) => ({ path, as: 'mask' as const })),
    ...(flags.normal ?? []).map((path) => ({ path, label: 'normal' as const })),
    ...(flags.anomalous ?? []).map((path) => ({ path, label: 'anomalous' as const })),
    ...splits.filter((split) => typeof split !== 'string'),
  ];
  return toLayout({ ...base, rules: [...rules, ...base.rules], splitFile: files[0] ?? base.splitFile });
}

const layoutIn = async (path: string): Promise<Layout> =>
  readLayout(new TextDecoder().decode(await readBytes(path)));

/** A rule, or the path of a split file. @throws BadFlag */
function readSplit(raw: string): Rule | string {
  const [side, ...rest] = raw.split('=');
  if (rest.length === 0) {
    if (/\.(csv|tsv|jsonl?)$/i.test(raw)) return raw;
    throw new BadFlag('split', raw, 'names no side', 'Give train=, validation= or test= and a pattern, or a CSV or JSON file of the set.'); // prettier-ignore
  }
  const split = SIDES.find((one) => one === side);
  if (split) return { path: rest.join('='), split };
  throw new BadFlag('split', raw, 'names no side', 'Give train=, validation= or test= and a pattern.');
}
