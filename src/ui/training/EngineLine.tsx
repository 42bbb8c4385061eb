// What does the work: adapter and its speed, memory, time of the last live update.
import { useApp } from '../../state/store';
import { formatBytes } from '../format';
import { HelpTip } from '../help/HelpTip';

export function EngineLine() {
  const { status, adapter, memory, features } = useApp((state) => state.engine);
  const ms = useApp((state) => state.view.painted?.ms ?? null);
  if (!adapter) {
    return (
      <p className="small muted engine-line">
        {status === 'unavailable' ? 'No graphics adapter in use' : 'Graphics adapter: not asked yet'}
      </p>
    );
  }
  const parts = [
    features && `${features.channels} channels, ${features.width} × ${features.height}`,
    memory && `GPU ${formatBytes(memory.gpuBytes)}`,
    ms !== null && `map in ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  ].filter(Boolean);
  return (
    <div className="small muted engine-line">
      <p className="clip" title={adapter.reason}>
        {adapter.description || `${adapter.vendor} ${adapter.architecture}`}
        {adapter.software && ' (software)'}, {adapter.gflops.toFixed(adapter.gflops < 10 ? 1 : 0)} GFLOP/s
        <HelpTip topic="adapter" title="the graphics adapter" />
      </p>
      <p className="clip">{parts.join(', ')}</p>
    </div>
  );
}
