// What computes the map, in one chip: preset, backbone and method. It opens the panel in which they are chosen.
import { lazy, Suspense, useId, useRef, useState } from 'react';
import { PARAMS } from '../../settings/table';
import { ruleOfRow } from '../../settings/lesson';
import { METHOD_NAMES } from '../controls/methods';
import { placeBeside } from '../help/place';
import { useHidden } from '../lesson/Lock';
import { changedFromPreset } from '../shell/selectors';
import { useApp } from '../shell/store';
import { t } from '../languages/texts';

const ModelPanel = lazy(() => import('./ModelPanel'));

export function ModelChip() {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [approached, setApproached] = useState(false);
  const { preset, backbone, method } = useApp((state) => state.params);
  const changed = useApp((state) => changedFromPreset(state.params).length);
  const settings = !useHidden('settings');
  const choosable = useApp((state) => ruleOfRow(state.view.lesson, 'method') !== 'hidden');
  if (!settings && !choosable) return null;
  const label = PARAMS.preset.options.find(({ value }) => value === preset)?.label ?? preset;
  const mark = changed > 0 ? ` +${changed}` : '';
  const parts = [
    ...(settings ? [t(label) + mark, backbone] : []),
    ...(choosable ? [t(METHOD_NAMES[method])] : []),
  ];
  const place = () => button.current && placeBeside(document.getElementById(id)!, button.current);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button model-chip"
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-label={t('Model: {parts}', { parts: parts.join(', ') })}
        onPointerEnter={() => setApproached(true)}
        onFocus={() => setApproached(true)}
      >
        <span className="muted" aria-hidden="true">
          {t('Model')}
        </span>
        <span className="clip" aria-hidden="true">
          {parts.join(' · ')}
        </span>
      </button>
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={t('Model')}
        className="popover model-panel"
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          setApproached(true);
          place();
        }}
      >
        <Suspense fallback={<p className="muted">{t('Loading the choices')}</p>}>
          {approached && <ModelPanel onReady={place} />}
        </Suspense>
      </div>
    </>
  );
}
