// The name of a parameter with its explanation beside it, in the paper's symbol where it has one.
import { PARAMS, type ParamName as Name } from '../../settings/table';
import { specOf } from '../../settings/values';
import { LockMark } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';

export function ParamName({ name, htmlFor }: { name: Name; htmlFor?: string }) {
  const { label } = PARAMS[name];
  const symbol = specOf(name).term;
  return (
    <span className="param-name">
      {htmlFor ? (
        <label htmlFor={htmlFor} className="clip">
          {label}
        </label>
      ) : (
        <span className="clip">{label}</span>
      )}
      <LockMark />
      <HelpTip topic={name} {...(symbol && { symbol })} title={label} />
    </span>
  );
}
