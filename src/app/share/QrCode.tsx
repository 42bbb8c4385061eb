// A link as a QR code: dark on white with the quiet zone that readers need, in the dark theme too. Links longer than
// phones read reliably from a screen get a sentence instead.
import { useMemo } from 'react';
import { encode } from 'uqr';
import { t } from '../languages/texts';

/** Bytes: version 22, 105 modules a side, which still has over two pixels a module at the size shown. */
const MAX_BYTES = 1_000;
/** Modules of white all around, as the standard asks. */
const QUIET_ZONE = 4;

export function QrCode({ text }: { text: string }) {
  const bytes = useMemo(() => new TextEncoder().encode(text).length, [text]);
  const code = useMemo(() => (bytes > MAX_BYTES ? null : outline(text)), [text, bytes]);
  if (!code) {
    return (
      <p className="qr-none small muted" role="status">
        {t(
          'No QR code: the link has {bytes, number} characters, and cameras read up to {MAX_BYTES, number} reliably from a screen. Copy the link instead.',
          { bytes, MAX_BYTES },
        )}
      </p>
    );
  }
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={t('QR code of this link')}
      shapeRendering="crispEdges"
    >
      <rect width={code.size} height={code.size} fill="#fff" />
      <path d={code.path} fill="#000" />
    </svg>
  );
}

/** One rectangle for each run of dark modules in a row. */
function outline(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'L', boostEcc: true, border: QUIET_ZONE });
  const runs: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      const start = x;
      while (row[x]) x++;
      if (x > start) runs.push(`M${start} ${y}h${x - start}v1H${start}z`);
    }
  });
  return { size, path: runs.join('') };
}
