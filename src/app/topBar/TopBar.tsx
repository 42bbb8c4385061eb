// The top bar: what data, what settings, and the page's own buttons. On narrow screens the settings fold into a menu.
import { nextTheme, setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { Part } from '../lesson/Part';
import { Row } from '../lesson/Row';
import { useHidden } from '../lesson/useHidden';
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
  const hidden = useHidden('settings');
  const settings = !hidden && (
    <>
      <Part name="settings">
        <Row name="preset">
          <PresetSelect />
        </Row>
        <Row name="backbone">
          <BackboneSelect />
        </Row>
      </Part>
      <IconButton icon="settings" label="All settings" onClick={() => setLayout({ settingsOpen: true })} />
    </>
  );
  const actions = (
    <>
      <Part name="compare">
        <CompareButton />
      </Part>
      <Part name="session">
        <IconButton
          icon="save"
          label="Save or open a session"
          onClick={() => setLayout({ sessionOpen: true })}
        />
      </Part>
      <IconButton icon="share" label="Share a link (S)" onClick={() => setLayout({ shareOpen: true })} />
      <IconButton icon="help" label="Help and shortcuts (?)" onClick={() => setLayout({ helpOpen: true })} />
      <IconButton icon={THEME_ICONS[theme]} label={`Theme: ${theme}`} onClick={nextTheme} />
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
        <IconButton icon="camera" label="Camera" onClick={() => setLayout({ cameraOpen: true })} />
      </Part>
      <span className="spring" />
      {compact ? (
        <MoreMenu>
          {settings}
          <div className="row">{actions}</div>
        </MoreMenu>
      ) : (
        <>
          {settings}
          {!hidden && <span className="divider" />}
          {actions}
        </>
      )}
    </header>
  );
}
