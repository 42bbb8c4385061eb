// A yes or no of the table.
import { PARAMS, type ParamName } from '../../settings/table';
import { LockMark } from '../lesson/LockMark';
import { HelpTip } from '../help/HelpTip';
import { ResetButton } from './ResetButton';
import { Switch } from './Switch';
import { useParam } from './useParam';

export function FlagControl({ name }: { name: ParamName }) {
  const { value, changed, set, reset } = useParam<boolean>(name);
  const { label } = PARAMS[name];
  return (
    <div className="param">
      <span className="param-name">
        <Switch checked={value} onChange={set}>
          {label}
        </Switch>
        <LockMark />
        <HelpTip topic={name} title={label} />
      </span>
      <span />
      <span />
      <ResetButton name={label} visible={changed} onReset={reset} />
    </div>
  );
}
