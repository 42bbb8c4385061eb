// The size and kind of a JPEG from its frame header, and the refusal of kinds that the decoder does not read.
import { ByteView } from '../byteView';
import { Damaged, UnsupportedImage } from '../errors';
import { segments, type Segment } from './segments';

export interface JpegFrame {
  width: number;
  height: number;
  /** 1 grey, 3 colour. */
  components: number;
}

/**
 * The frame header (SOF) of a JPEG.
 * @throws UnsupportedImage for CMYK, 12-bit, lossless and arithmetic-coded files; Damaged or Truncated
 */
export function readJpegFrame(view: ByteView): JpegFrame {
  for (const segment of segments(view)) if (isFrame(segment.marker)) return parseFrame(segment);
  throw new Damaged('it has no frame header');
}

/** SOF0 to SOF15, without the three codes in between that mean something else (DHT, JPG, DAC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function parseFrame({ marker, body }: Segment): JpegFrame {
  const view = new ByteView(body);
  const [bits, height, width, components] = [view.u8(0), view.u16(1), view.u16(3), view.u8(5)];
  const unusual = unusualKind(marker, bits, components);
  if (unusual) throw new UnsupportedImage(unusual, 'Save it as an 8-bit RGB JPEG or PNG and load it again.');
  if (width === 0 || height === 0) throw new Damaged('its frame header gives no size');
  return { width, height, components };
}

/** Name of a kind that is not decoded; undefined for the usual ones (baseline, extended, progressive). */
function unusualKind(marker: number, bits: number, components: number): string | undefined {
  if (marker > 0xc2) return 'A lossless, hierarchical or arithmetic-coded JPEG';
  if (bits !== 8) return `A JPEG with ${bits} bits a channel`;
  if (components === 4) return 'A CMYK JPEG (made for printing; its colours depend on the press)';
  if (components !== 1 && components !== 3) return `A JPEG with ${components} components`;
  return undefined;
}
