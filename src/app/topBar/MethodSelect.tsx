// Chooses the method that the next run trains.
import { PARAMS, type Params } from '../../settings/table';
import { setParam } from '../settings/actions';
import { useApp } from '../shell/store';
import { HelpTip } from '../help/HelpTip';
import { useLocked, Row } from '../lesson/Lock';
import { METHOD_NAMES } from '../controls/methods';
import { t } from '../languages/texts';

export function MethodSelect() {
  return (
    <Row name="method">
      <MethodChoice />
    </Row>
  );
}

function MethodChoice() {
  const locked = useLocked();
  const method = useApp((state) => state.params.method);
  return (
    <span className="field">
      <HelpTip topic="method" title={t('Method')} ofControl>
        {t('Method')}
      </HelpTip>
      <select
        className="select"
        aria-label={t('Method')}
        title={t(PARAMS.method.options.find(({ value }) => value === method)!.label)}
        value={method}
        disabled={locked}
        onChange={(event) => setParam('method', event.target.value as Params['method'])}
      >
        {PARAMS.method.options.map(({ value, help }) => (
          <option key={value} value={value} title={help && t(help)}>
            {t(METHOD_NAMES[value])}
          </option>
        ))}
      </select>
    </span>
  );
}
