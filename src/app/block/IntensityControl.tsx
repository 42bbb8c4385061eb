// The intensity of the pasted block: its size on a logarithmic slider, since all that happens between invisible and
// certain lies below two sigma, and its sign apart.
import { PARAMS } from '../../settings/table';
import { NumberBox } from '../controls/NumberBox';
import { ParamName } from '../controls/ParamName';
import { Range } from '../controls/Range';
import { ResetButton } from '../controls/ResetButton';
import { Segmented } from '../controls/Segmented';
import { useParam } from '../controls/useParam';
import { Row } from '../lesson/Lock';
import { SLIDER, withSize } from './intensity';
import { msg, t } from '../languages/texts';

const SIGNS = [
  { value: '+', label: '+', help: msg('Raises the features under the block.') },
  { value: '-', label: '−', help: msg('Lowers the features under the block.') },
] as const;

export function IntensityControl() {
  return (
    <Row name="fbpIntensity">
      <Control />
    </Row>
  );
}

function Control() {
  const { value, home, changed, set, reset } = useParam<number>('fbpIntensity');
  const { label, unit, min, max, step } = PARAMS.fbpIntensity;
  const negative = value < 0;
  return (
    <div className="param intensity">
      <ParamName name="fbpIntensity" />
      <NumberBox label={t('{label}, number', { label })} {...{ value, min, max, step }} onChange={set} />
      <span className="param-unit">{unit}</span>
      <ResetButton name={label} visible={changed} onReset={reset} />
      <div className="intensity-row">
        <Segmented
          label={t('Sign of the intensity')}
          value={negative ? '-' : '+'}
          options={SIGNS}
          onChange={(sign) => set((sign === '-' ? -1 : 1) * Math.abs(value))}
        />
        <Range
          row={SLIDER}
          value={Math.min(SLIDER.max, Math.max(SLIDER.min, Math.abs(value)))}
          home={Math.abs(home)}
          label={label}
          unit={unit}
          onChange={(size) => set(withSize(value, size))}
        />
      </div>
    </div>
  );
}
