// Which stages of the backbone give the features: one box a stage, with its stride and channels. At least one stays.
// A single block in the middle of a stage can be named in a link or on the command line only.
import { PARAMS } from '../../settings/table';
import { useApp } from '../shell/store';
import { useLocked } from '../lesson/Lock';
import { ParamName } from '../controls/ParamName';
import { ResetButton } from '../controls/ResetButton';
import { useParam } from '../controls/useParam';
import { t } from '../languages/texts';

const STANDARD = PARAMS.taps.default;

export function TapsControl() {
  const { value, changed, set, reset } = useParam<string>('taps');
  const backbone = useApp((state) => state.params.backbone);
  const offer = useApp((state) => state.weights.offers.find(({ id }) => id === backbone));
  const { stages = [], standard = [] } = offer ?? {};
  const chosen = value === STANDARD ? standard : value.split(',');
  const locked = useLocked();
  const toggle = (name: string) => set(textOf(stages, standard, flipped(chosen, name)));
  return (
    <div className="param">
      <ParamName name="taps" />
      <span />
      <span />
      <ResetButton name={PARAMS.taps.label} visible={changed} onReset={reset} />
      <div className="taps" role="group" aria-label={PARAMS.taps.label}>
        {stages.map(({ name, stride, channels }) => (
          <label key={name} className="tap">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              disabled={locked || (chosen.length === 1 && chosen[0] === name)}
              onChange={() => toggle(name)}
            />
            <span>{name}</span>
            <span className="muted">{t('stride {stride}, {channels} channels', { stride, channels })}</span>
          </label>
        ))}
        {chosen
          .filter((name) => !stages.some((stage) => stage.name === name))
          .map((name) => (
            <span key={name} className="muted">
              {name}
            </span>
          ))}
      </div>
    </div>
  );
}

const flipped = (chosen: readonly string[], name: string) =>
  chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];

/** In the order the stages run; the standard ones by their common name. */
function textOf(
  stages: readonly { name: string }[],
  standard: readonly string[],
  chosen: readonly string[],
): string {
  const known = stages.map(({ name }) => name);
  const text = [...chosen].sort((a, b) => known.indexOf(a) - known.indexOf(b)).join(',');
  return text === standard.join(',') ? STANDARD : text;
}
