// One parameter as a component sees it: value, home value, setter, reset.
import type { ParamName } from '../../settings/table';
import { homeValue, resetParam, setParam } from '../settings/actions';
import { useApp } from '../shell/store';

type Value = string | number | boolean;

export function useParam<V extends Value>(name: ParamName) {
  const value = useApp((state) => state.params[name]) as V;
  const home = useApp((state) => homeValue(name, state.params)) as V;
  return {
    value,
    home,
    changed: value !== home,
    set: (next: V) => setParam(name, next as never),
    reset: () => resetParam(name),
  };
}
