// What a backbone costs: bytes, parameters, work, time on this adapter.
import type { BackboneOffer } from '../../engine/api/types';
import { useApp } from '../shell/store';
import { formatBytes } from '../controls/format';

export function CostTable({ offer }: { offer: BackboneOffer }) {
  const size = useApp((state) => state.params.inputSize);
  const gflops = useApp((state) => state.engine.adapter?.gflops ?? 0);
  const hub = useApp((state) => state.weights.hub);
  const { published, licence, bytes, fileBytes, parameters, macs } = offer;
  const download = `${formatBytes(bytes)}${fileBytes ? `, of a file of about ${formatBytes(fileBytes)}` : ''}`;
  const rows: [string, string | null][] = [
    ['Weights', published && `${published}, ${licence}`],
    ['Download', published && `${download}, from ${new URL(hub).host}`],
    ['Parameters', `${(parameters / 1e6).toFixed(1)} million, up to the features used`],
    ['Work per image', `${(macs / 1e9).toFixed(2)} GMAC at ${size} × ${size} px`],
    ['Time per image', gflops > 0 ? `about ${formatTime(macs, gflops)} on this adapter` : null],
  ];
  return (
    <dl className="weights-cost" data-testid="weights-cost">
      {rows.map(
        ([term, text]) =>
          text && (
            <div key={term}>
              <dt className="muted">{term}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** A multiply-add is two operations; the adapter's speed is that of a dense convolution, so this is a lower bound. */
function formatTime(macs: number, gflops: number): string {
  const seconds = (2 * macs) / (gflops * 1e9);
  return seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;
}
