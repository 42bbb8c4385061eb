// Every parameter of the table, generated from it, in a drawer beside the screen: changes act at once, the picture
// stays in sight.
import { useEffect, useRef, type ReactNode } from 'react';
import type { ParamGroup } from '../../settings/spec';
import { ruleOfRow } from '../../settings/lesson';
import { isRelevant } from '../../settings/methods';
import { PARAM_NAMES, PARAMS, type ParamName, type Params } from '../../settings/table';
import { setLayout } from '../shell/layout';
import { applyPreset } from './actions';
import { changedFromPreset } from '../shell/selectors';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { ParamControl } from '../controls/ParamControl';
import { complain } from '../notices/actions';
import { KeptWeights } from '../weights/KeptWeights';
import { refreshOffers } from '../weights/backboneChoice';
import { LockLine, Part, Row } from '../lesson/Lock';
import { LanguageSelect } from '../languages/LanguageSelect';
import { KeptWork } from '../keeping/KeptWork';
import { PixelRangeControl } from './PixelRangeControl';
import { TapsControl } from './TapsControl';
import { msg, t } from '../languages/texts';
import './drawer.css';

const GROUPS: readonly { group: ParamGroup; title: string; note: string }[] = [
  {
    group: 'features',
    title: msg('Features'),
    note: msg('Features are computed anew; train again after a change.'),
  },
  { group: 'model', title: msg('Model'), note: msg('Takes effect with the next training.') },
  {
    group: 'baselines',
    title: msg('Settings of the chosen method'),
    note: msg('Takes effect with the next training.'),
  },
  { group: 'training', title: msg('Training'), note: msg('Takes effect with the next training.') },
  { group: 'score', title: msg('Scores'), note: msg('Acts at once.') },
  { group: 'view', title: msg('View'), note: msg('Acts at once.') },
];

/** They have their own places on the screen. */
const ELSEWHERE: readonly ParamName[] = ['preset', 'map'];

export default function SettingsDrawer() {
  const drawer = useRef<HTMLElement>(null);
  const changed = useApp((state) => changedFromPreset(state.params).length);
  const preset = useApp((state) => state.params.preset);
  const method = useApp((state) => state.params.method);
  const fit = useApp((state) => state.params.fit);
  const ready = useApp((state) => state.engine.status === 'ready');
  // What backbones offer, and which weights are kept, is asked for when somebody looks.
  useEffect(() => {
    if (ready) void refreshOffers().catch(complain);
  }, [ready]);
  useEffect(() => {
    const before = document.activeElement;
    drawer.current!.focus();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  const close = () => setLayout({ settingsOpen: false });
  return (
    <aside
      ref={drawer}
      className="drawer"
      tabIndex={-1}
      aria-label={t('All settings')}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div className="drawer-head">
        <h2 className="panel-title">{t('All settings')}</h2>
        <span className="spring" />
        <button type="button" className="button" disabled={changed === 0} onClick={() => applyPreset(preset)}>
          {t('Back to preset')}
        </button>
        <IconButton icon="close" label={t('Close settings')} onClick={close} />
      </div>
      <div className="drawer-body">
        <LanguageSelect />
        <Part name="settings">
          <LockLine />
          {GROUPS.map((group) => (
            <Group key={group.group} {...group} names={rowsOf(group.group, { method, fit })} />
          ))}
        </Part>
        <KeptWork />
        <KeptWeights />
      </div>
    </aside>
  );
}

/** Rows that are more than a number, a choice or a switch. */
const OWN_CONTROLS: Partial<Record<ParamName, () => ReactNode>> = {
  taps: () => <TapsControl />,
  pixelRange: () => <PixelRangeControl />,
};

/** The rows of a group that change anything for what is set. */
const rowsOf = (group: ParamGroup, params: Pick<Params, 'method' | 'fit'>) =>
  PARAM_NAMES.filter(
    (name) => PARAMS[name].group === group && !ELSEWHERE.includes(name) && isRelevant(name, params),
  );

function Group({ title, note, names }: { title: string; note: string; names: readonly ParamName[] }) {
  const lesson = useApp((state) => state.view.lesson);
  const shown = names.filter((name) => ruleOfRow(lesson, name) !== 'hidden');
  if (shown.length === 0) return null;
  return (
    <section aria-label={t('{title} settings', { title: t(title) })}>
      <h3 className="panel-title">{t(title)}</h3>
      <p className="small muted">{t(note)}</p>
      {shown.map((name) =>
        OWN_CONTROLS[name] ? (
          <Row key={name} name={name}>
            {OWN_CONTROLS[name]()}
          </Row>
        ) : (
          <ParamControl key={name} name={name} />
        ),
      )}
    </section>
  );
}
