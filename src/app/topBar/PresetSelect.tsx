// Chooses a preset, shows when single settings differ from it, and passes on what the adapter probe suggests.
import type { PresetName } from '../../settings/presets';
import { PARAMS } from '../../settings/table';
import { applyPreset } from '../settings/actions';
import { changedFromPreset } from '../shell/selectors';
import { useApp } from '../shell/store';
import { useLocked } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

export function PresetSelect() {
  const preset = useApp((state) => state.params.preset);
  const changed = useApp((state) => changedFromPreset(state.params).length);
  const suggested = useApp((state) => state.engine.adapter?.suggestedPreset ?? null);
  const locked = useLocked();
  const options = PARAMS.preset.options;
  return (
    <span className="field">
      <HelpTip topic="preset" title={t('Preset')} ofControl>
        {t('Preset')}
      </HelpTip>
      <select
        aria-label={t('Preset')}
        className="select"
        value={preset}
        disabled={locked}
        onChange={(event) => applyPreset(event.target.value as PresetName)}
      >
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {t(label)}
            {value === suggested ? t(' (suggested)') : ''}
          </option>
        ))}
      </select>
      {changed > 0 && !locked && (
        <button
          type="button"
          className="changed-mark"
          title={t('{changed} changed; click to go back to the preset', { changed })}
          aria-label={t('{changed} settings differ from the preset; go back to it', { changed })}
          onClick={() => applyPreset(preset)}
        >
          +{changed}
        </button>
      )}
    </span>
  );
}
