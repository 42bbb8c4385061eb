// What does the work: adapter and its speed, memory, time of the last live update.
import { lazy, Suspense } from 'react';
import type { PresetName } from '../../settings/presets';
import { PARAMS } from '../../settings/table';
import { applyPreset } from '../settings/actions';
import { useApp } from '../shell/store';
import { formatBytes } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

/** `?dev` in the page's address. */
const FOR_DEVELOPERS = new URLSearchParams(location.search).has('dev');
const KernelTimes = lazy(() => import('./KernelTimes'));

export function EngineLine() {
  const { status, adapter, memory, features } = useApp((state) => state.engine);
  const preset = useApp((state) => state.params.preset);
  const ms = useApp((state) => state.view.painted?.ms ?? null);
  if (!adapter) {
    return (
      <p className="small muted engine-line">
        {status === 'unavailable' ? t('No graphics adapter in use') : t('Graphics adapter: not asked yet')}
      </p>
    );
  }
  const used = [
    memory &&
      `${adapter.tier === 'gpu' ? 'GPU' : t('memory')} ${formatBytes(memory.gpuBytes)}, ${t('{tensors, plural, one {# tensor} other {# tensors}}', { tensors: memory.tensors })}`,
    ms !== null && t('map in {ms} ms', { ms: ms < 10 ? ms.toFixed(1) : Math.round(ms) }),
  ].filter(Boolean);
  return (
    <div className="small muted engine-line">
      <p className="clip" title={adapter.reason}>
        {adapter.description || `${adapter.vendor} ${adapter.architecture}`}
        {adapter.tier === 'gpu' && adapter.software && t(' (software)')}
        {t(', {gflops} GFLOP/s', { gflops: adapter.gflops.toFixed(adapter.gflops < 10 ? 1 : 0) })}
        <HelpTip topic="adapter" title={t('the graphics adapter')} />
      </p>
      {features && (
        <p className="clip" title={adapter.featuresOnProcessor ? adapter.reason : undefined}>
          {t('features {width} × {height}, {channels, plural, one {# channel} other {# channels}}', {
            width: features.width,
            height: features.height,
            channels: features.channels,
          })}
          {adapter.featuresOnProcessor && t(', computed in WebAssembly')}
        </p>
      )}
      <p className="clip">{used.join(', ')}</p>
      {FOR_DEVELOPERS && (
        <Suspense>
          <KernelTimes />
        </Suspense>
      )}
      {adapter.tier === 'processor' && (
        <p className="engine-reason" title={adapter.reason}>
          {adapter.reason}
        </p>
      )}
      {preset !== adapter.suggestedPreset && (
        <Suggestion preset={adapter.suggestedPreset} reason={adapter.reason} />
      )}
    </div>
  );
}

/** What the probe of the adapter suggests, when something else is set. */
function Suggestion({ preset, reason }: { preset: PresetName; reason: string }) {
  const label = PARAMS.preset.options.find(({ value }) => value === preset)?.label ?? preset;
  return (
    <p>
      {t('Suggested here:')}{' '}
      <button type="button" className="button link" title={reason} onClick={() => applyPreset(preset)}>
        {t('preset {label}', { label })}
      </button>
    </p>
  );
}
