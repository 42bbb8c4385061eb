// PNG decoder: chunks -> scanlines -> RGB. Our own, on fflate's inflate: the JavaScript decoders we tried misread
// interlaced files below 8 bits or inflate without a bound.
import type { ByteView } from '../byteView';
import { Damaged } from '../errors';
import { readOrientation } from '../exif';
import type { Orientation } from '../orientation';
import type { StoredPicture } from '../storedPicture';
import { pngChunks } from './chunks';
import { COLOR_TYPES, readPngHeader } from './header';
import { passesOf, scanlineBytes, toRgb } from './pixels';
import { inflateExactly } from './scanlines';

/** Decodes a PNG; of an animated one the default picture. @throws Truncated or Damaged */
export function decodePng(view: ByteView): StoredPicture {
  const header = readPngHeader(view);
  const parts = readParts(view);
  if (header.colorType === COLOR_TYPES.palette && !parts.palette) throw new Damaged('its palette is missing');
  const lines = inflateExactly(parts.compressed, scanlineBytes(passesOf(header)));
  const hasAlpha = parts.transparent || header.colorType >= COLOR_TYPES.greyAlpha;
  return {
    image: toRgb(lines, header, parts.palette),
    orientation: parts.orientation,
    animated: parts.animated,
    hasAlpha,
    notices: [],
  };
}

interface PngParts {
  compressed: Uint8Array[];
  palette: Uint8Array | null;
  orientation: Orientation;
  transparent: boolean;
  animated: boolean;
}

function readParts(view: ByteView): PngParts {
  const parts: PngParts = {
    compressed: [],
    palette: null,
    orientation: 1,
    transparent: false,
    animated: false,
  };
  for (const { type, data } of pngChunks(view)) {
    if (type === 'IDAT') parts.compressed.push(data);
    else if (type === 'PLTE') parts.palette = data;
    else if (type === 'eXIf') parts.orientation = readOrientation(data);
    else if (type === 'tRNS') parts.transparent = true;
    else if (type === 'acTL') parts.animated = true;
  }
  return parts;
}
