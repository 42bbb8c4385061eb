// The name of a parameter, which opens its explanation; the paper's symbol stands behind it where it has one.
import { PARAMS, type ParamName as Name } from '../../settings/table';
import { specOf } from '../../settings/values';
import { LockMark } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

export function ParamName({ name }: { name: Name }) {
  const label = t(PARAMS[name].label);
  const symbol = specOf(name).term;
  return (
    <span className="param-name">
      <HelpTip topic={name} {...(symbol && { symbol })} title={label} ofControl>
        <span className="clip">{label}</span>
      </HelpTip>
      <LockMark />
    </span>
  );
}
