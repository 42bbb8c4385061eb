// A name of the table, read only here: data set and backbone have their own choosers in the top bar.
import type { TextSpec } from '../../settings/spec';
import type { ParamName as Name } from '../../settings/table';
import { ParamName } from './ParamName';
import { useParam } from './useParam';

export function TextControl({ name, spec }: { name: Name; spec: TextSpec }) {
  const { value } = useParam<string>(name);
  return (
    <div className="param">
      <ParamName name={name} />
      <output className="muted clip" aria-label={spec.label}>
        {value}
      </output>
    </div>
  );
}
