// The top bar: what data, what settings, and the page's own buttons. On narrow screens all but the data folds into a
// menu.
import { nextTheme, setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { Part, useHidden, useLocked } from '../lesson/Lock';
import { LanguageSelect } from '../languages/LanguageSelect';
import { AddImages } from './AddImages';
import { CompareButton } from '../compare/CompareButton';
import { ModelChip } from './ModelChip';
import { StoryButton } from './StoryButton';
import { chooseSet } from '../images/sets';
import { isOwnSet } from '../shell/selectors';
import { lazy, Suspense, useId, useRef, useState, type ReactNode } from 'react';
import { Icon } from '../controls/Icon';
import { placeBeside } from '../help/place';
import { msg, t } from '../languages/texts';

const ModelPanel = lazy(() => import('./ModelPanel'));

const THEME_NAMES = {
  system: msg('Theme: system'),
  light: msg('Theme: light'),
  dark: msg('Theme: dark'),
};
const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;

export function TopBar({ compact }: { compact: boolean }) {
  const theme = useApp((state) => state.layout.theme);
  const presenter = useApp((state) => state.layout.presenter);
  const hidden = useHidden('settings');
  const allSettings = !hidden && (
    <IconButton icon="settings" label={t('All settings')} onClick={() => setLayout({ settingsOpen: true })} />
  );
  const actions = (
    <>
      <Part name="compare">
        <CompareButton />
      </Part>
      <Part name="session">
        <IconButton
          icon="save"
          label={t('Save or open a session')}
          onClick={() => setLayout({ sessionOpen: true })}
        />
      </Part>
      <IconButton
        icon="share"
        label={t('Share a link')}
        shortcut="S"
        onClick={() => setLayout({ shareOpen: true })}
      />
      <IconButton
        icon="present"
        label={t('Presenter mode')}
        shortcut="P"
        aria-pressed={presenter}
        onClick={() => setLayout({ presenter: !presenter })}
      />
      <IconButton
        icon="help"
        label={t('Help and shortcuts')}
        shortcut="?"
        onClick={() => setLayout({ helpOpen: true })}
      />
      <LanguageSelect compact />
      <IconButton icon={THEME_ICONS[theme]} label={t(THEME_NAMES[theme])} onClick={nextTheme} />
    </>
  );
  return (
    <header className="top-bar">
      <Wordmark compact={compact} />
      <Part name="chooser">
        <DataSetSelect />
      </Part>
      <Part name="data">
        <AddImages compact={compact} />
        <IconButton icon="camera" label={t('Camera')} onClick={() => setLayout({ cameraOpen: true })} />
      </Part>
      <StoryButton compact={compact} />
      <span className="spring" />
      {compact ? (
        <MoreMenu>
          <Suspense>
            <ModelPanel />
          </Suspense>
          <div className="menu-items">
            {allSettings}
            {actions}
          </div>
        </MoreMenu>
      ) : (
        <>
          <ModelChip />
          {allSettings}
          <span className="divider" />
          {actions}
        </>
      )}
    </header>
  );
}

/** Name and mark: two overlapping grids, one cell of which stands out. */
function Wordmark({ compact }: { compact: boolean }) {
  return (
    <h1 className="wordmark">
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
        <path className="mark-back" d="M6.5 1.5h12v12h-12zM10.5 1.5v12M14.5 1.5v12M6.5 5.5h12M6.5 9.5h12" />
        <path className="mark-front" d="M1.5 6.5h12v12h-12zM5.5 6.5v12M9.5 6.5v12M1.5 10.5h12M1.5 14.5h12" />
        <path className="mark-cell" d="M9.5 6.5h4v4h-4z" />
      </svg>
      <span className={compact ? 'visually-hidden' : ''}>GRAD Playground</span>
    </h1>
  );
}

/** Chooses among the bundled sets and the user's own. */
function DataSetSelect() {
  const sets = useApp((state) => state.data.sets);
  const current = useApp((state) => state.data.set);
  const own = useApp((state) => isOwnSet(state.params));
  const shelf = useApp((state) => state.data.shelf);
  const locked = useLocked();
  const known = sets.some(({ id }) => id === current.id);
  const listed = known || own || current.id === '' ? sets : [...sets, current];
  return (
    <select
      className="select set-select"
      aria-label={t('Data set')}
      disabled={locked}
      value={own ? 'own' : current.id}
      onChange={(event) => void choose(event.target.value)}
    >
      {current.id === '' && <option value="">{t('Loading')}</option>}
      {own && <option value="own">{t(current.own ? current.title : 'Your images')}</option>}
      {shelf.map(({ key, title, images }) => (
        <option key={key} value={shelfId(key)}>
          {t(title)} ({images})
        </option>
      ))}
      {listed.map(({ id, title }) => (
        <option key={id} value={id}>
          {t(title)}
        </option>
      ))}
    </select>
  );
}

/** A set of the user's own that is not on screen, among the names of bundled ones. */
const shelfId = (key: string): string => `own/${key}`;

async function choose(id: string): Promise<void> {
  const [kind, key] = id.split('/');
  if (kind !== 'own' || key === undefined) return chooseSet(id);
  const { openOwnSet } = await import('../images/ownSets');
  await openOwnSet(key);
}

/** The narrow top bar's menu: a native popover below its button. */
function MoreMenu({ children }: { children: ReactNode }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button quiet icon-only"
        popoverTarget={id}
        aria-label={t('Settings, share, help')}
        title={t('Settings, share, help')}
      >
        <Icon name="more" />
      </button>
      <div
        id={id}
        popover="auto"
        className="popover more-menu"
        onToggle={(event) => {
          setOpen(event.newState === 'open');
          if (event.newState === 'open') placeBeside(event.currentTarget, button.current!);
        }}
      >
        {open && children}
      </div>
    </>
  );
}
