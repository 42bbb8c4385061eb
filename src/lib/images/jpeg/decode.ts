// JPEG decoder: libjpeg-turbo's successor MozJPEG as WebAssembly (same inverse transform and chroma upsampling, so
// the same bytes as PIL), behind checks of the file's structure that the C library would answer with a grey rest.
import mozjpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import wasmUrl from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import { ByteView } from '../byteView';
import { Damaged, Truncated } from '../errors';
import { hasExifPrefix, readOrientation } from '../exif';
import type { Notice } from '../notices';
import type { Orientation } from '../orientation';
import { decodeByPlatform, hasWebAssembly } from '../platformDecoder';
import { rgbaToRgb } from '../rgba';
import type { StoredPicture } from '../storedPicture';
import { WasmCodec, type EmscriptenModule, type RgbaPicture } from '../wasmCodec';
import { segments, type Segment } from './segments';

interface JpegModule extends EmscriptenModule {
  decode(bytes: Uint8Array, applyOrientation: boolean): RgbaPicture | null;
}

const codec = new WasmCodec<JpegModule>(mozjpeg, wasmUrl, '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');

/** Progressive files have about ten scans; each costs a pass over all pixels, so thousands would be a trap. */
const MAX_SCANS = 100;

/** Decodes a JPEG; what follows its end (previews, depth maps) is ignored. @throws Truncated or Damaged */
export async function decodeJpeg(view: ByteView): Promise<StoredPicture> {
  const orientation = checkStructure(view);
  const { result, messages } = hasWebAssembly()
    ? await codec.run((module) => module.decode(view.bytes, false))
    : { result: await decodeByPlatform(view.bytes, 'image/jpeg', exifOf(view)), messages: [] };
  if (messages.some((text) => /premature end/i.test(text)))
    throw new Truncated('rows are missing at its end');
  const notices = messages.map((text): Notice => {
    return {
      kind: 'damaged-places',
      text: `The JPEG has damaged places (${text}); it was decoded as it stands.`,
    };
  });
  return { image: rgbaToRgb(result), orientation, animated: false, hasAlpha: false, lossy: true, notices };
}

const exifOf = (view: ByteView): Uint8Array[] => [...segments(view)].filter(isExif).map(({ body }) => body);

const isExif = ({ marker, body }: Segment): boolean => marker === 0xe1 && hasExifPrefix(new ByteView(body));

/** Walks the whole file, so that a missing end is known before decoding. Returns the EXIF orientation. */
function checkStructure(view: ByteView): Orientation {
  let orientation: Orientation | undefined;
  let scans = 0;
  for (const segment of segments(view)) {
    if (segment.marker === 0xda) scans++;
    if (isExif(segment)) orientation ??= readOrientation(segment.body);
    if (scans > MAX_SCANS) throw new Damaged(`it has more than ${MAX_SCANS} scans`);
  }
  if (scans === 0) throw new Damaged('it holds no picture data');
  return orientation ?? 1;
}
