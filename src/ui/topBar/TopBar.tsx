// The top bar: what data, what settings, and the page's own buttons. On narrow screens the settings fold into a menu.
import { nextTheme, copyLink, setLayout } from '../../state/actions/layout';
import { useApp } from '../../state/store';
import { IconButton } from '../controls/IconButton';
import { useHidden } from '../useHidden';
import { AddImages } from './AddImages';
import { CompareButton } from '../compare/CompareButton';
import { BackboneSelect } from './BackboneSelect';
import { DataSetSelect } from './DataSetSelect';
import { MoreMenu } from './MoreMenu';
import { PresetSelect } from './PresetSelect';
import { Wordmark } from './Wordmark';

const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;

export function TopBar({ compact }: { compact: boolean }) {
  const theme = useApp((state) => state.layout.theme);
  const locked = useHidden('settings');
  const settings = !locked && (
    <>
      <PresetSelect />
      <BackboneSelect />
      <IconButton icon="settings" label="All settings" onClick={() => setLayout({ settingsOpen: true })} />
    </>
  );
  const actions = (
    <>
      <CompareButton />
      <IconButton
        icon="save"
        label="Save or open a session"
        onClick={() => setLayout({ sessionOpen: true })}
      />
      <IconButton icon="share" label="Copy link (S)" onClick={() => void copyLink()} />
      <IconButton icon="help" label="Help and shortcuts (?)" onClick={() => setLayout({ helpOpen: true })} />
      <IconButton icon={THEME_ICONS[theme]} label={`Theme: ${theme}`} onClick={nextTheme} />
    </>
  );
  return (
    <header className="top-bar">
      <Wordmark compact={compact} />
      <DataSetSelect />
      <AddImages compact={compact} />
      <span className="spring" />
      {compact ? (
        <MoreMenu>
          {settings}
          <div className="row">{actions}</div>
        </MoreMenu>
      ) : (
        <>
          {settings}
          <span className="divider" />
          {actions}
        </>
      )}
    </header>
  );
}
