// Chooses a preset, shows when single settings differ from it, and passes on what the adapter probe suggests.
import type { PresetName } from '../../settings/presets';
import { PARAMS } from '../../settings/table';
import { applyPreset } from '../settings/actions';
import { changedFromPreset } from '../shell/selectors';
import { useApp } from '../shell/store';
import { useLocked } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';

export function PresetSelect() {
  const preset = useApp((state) => state.params.preset);
  const changed = useApp((state) => changedFromPreset(state.params).length);
  const suggested = useApp((state) => state.engine.adapter?.suggestedPreset ?? null);
  const locked = useLocked();
  const options = PARAMS.preset.options;
  return (
    <span className="field">
      <HelpTip topic="preset" title="Preset" ofControl>
        Preset
      </HelpTip>
      <select
        aria-label="Preset"
        className="select"
        value={preset}
        disabled={locked}
        onChange={(event) => applyPreset(event.target.value as PresetName)}
      >
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
            {value === suggested ? ' (suggested)' : ''}
          </option>
        ))}
      </select>
      {changed > 0 && !locked && (
        <button
          type="button"
          className="changed-mark"
          title={`${changed} changed; click to go back to the preset`}
          aria-label={`${changed} settings differ from the preset; go back to it`}
          onClick={() => applyPreset(preset)}
        >
          +{changed}
        </button>
      )}
    </span>
  );
}
