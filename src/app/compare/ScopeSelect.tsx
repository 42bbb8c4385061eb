// Which test images the table is about: all, one class, or one type of defect against the normal images.
import { setScope } from './compareView';
import { namesOf } from './tables';
import { useApp } from '../shell/store';
import { t } from '../languages/texts';

export function ScopeSelect() {
  const runs = useApp((state) => state.compare.runs);
  const scope = useApp((state) => state.compare.scope);
  const [classes, types] = [namesOf(runs, 'class'), namesOf(runs, 'type')];
  if (classes.length === 0 && types.length < 2) return null;
  const choose = (value: string) => {
    const [kind, ...rest] = value.split(':');
    const name = rest.join(':');
    setScope(kind === 'class' || kind === 'type' ? { kind, name } : { kind: 'all' });
  };
  return (
    <select
      className="select"
      aria-label={t('Which test images')}
      value={scope.kind === 'all' ? 'all' : `${scope.kind}:${scope.name}`}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="all">{t('all test images')}</option>
      {classes.length > 0 && <Names label={t('Classes')} kind="class" names={classes} />}
      {types.length > 0 && <Names label={t('Defect types')} kind="type" names={types} />}
    </select>
  );
}

function Names({ label, kind, names }: { label: string; kind: string; names: readonly string[] }) {
  return (
    <optgroup label={label}>
      {names.map((name) => (
        <option key={name} value={`${kind}:${name}`}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
