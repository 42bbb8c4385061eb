// Which value wins: a flag, then what the link of --config names, then the preset. Pure; nothing is read here.
import { decodeLink, type ReadLink } from '../settings/link';
import { presetParams } from '../settings/presets';
import { PARAM_NAMES, type Params } from '../settings/table';
import { consistent } from '../settings/values';

export interface Settings {
  params: Params;
  /** One sentence for each part of the link that could not be taken as it stood. */
  notices: string[];
}

/** @param link the address or hash of a shared link, if there is one */
export function resolveSettings(flags: Partial<Params>, link?: string): Settings {
  const read = link === undefined ? null : decodeLink(link);
  const preset = flags.preset ?? read?.params.preset ?? 'demo';
  const named = read ? namedBy(read) : {};
  return {
    params: consistent({ ...presetParams(preset), ...named, ...flags, preset }),
    notices: read?.problems ?? [],
  };
}

/** What a link says itself: all that differs from its own preset. */
function namedBy({ params }: ReadLink): Partial<Params> {
  const base = presetParams(params.preset);
  return Object.fromEntries(
    PARAM_NAMES.filter((name) => params[name] !== base[name]).map((name) => [name, params[name]]),
  );
}
