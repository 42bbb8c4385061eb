// Help: what the page is, how to use it in four sentences, and the keyboard.
import { setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { Switch } from '../controls/Switch';
import { useModal } from '../hooks/useModal';
import { openReady, READY } from '../story/ready';
import { msg, t } from '../languages/texts';
import './help.css';

const KEYS: readonly [string, string][] = [
  [msg('Space'), msg('train, pause, go on')],
  ['N', msg('one training step')],
  ['1 2 3 4', msg('map: fused, normal, abnormal, mask')],
  ['I', msg('look inside, and back')],
  ['[ ]', msg('overlay weaker, stronger')],
  [msg('Arrows'), msg('previous, next image; on the handle: move the block')],
  [', .', msg('on the block’s handle: turn it')],
  ['T', msg('go to the threshold, then arrows')],
  [msg('Delete'), msg('in the images: remove, with undo')],
  ['S', msg('share a link')],
  ['P', msg('presenter mode: large type, thick outlines')],
  ['?', msg('on a control: what it does; else this help')],
];

export default function HelpDialog() {
  const dialog = useModal();
  const shortcuts = useApp((state) => state.layout.shortcuts);
  const close = () => setLayout({ helpOpen: false });
  return (
    <dialog
      ref={dialog}
      className="help-dialog"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === event.currentTarget && dialog.current!.close()}
    >
      <div className="help-body">
        <div className="row">
          <h2 id="help-title">{t('What this is')}</h2>
          <span className="spring" />
          <IconButton icon="close" label={t('Close help')} onClick={() => dialog.current!.close()} />
        </div>
        <p>
          {t(
            'A laboratory for finding defects in images, wholly in your browser. From normal images alone, two small grids learn what is usual (the normal grid) and what a disturbance looks like (the abnormal grid). What they cannot rebuild lights up in the map. The method is GRAD, Bi-Grid Reconstruction (ICME 2025).',
          )}
        </p>
        <h3>{t('Four things to do')}</h3>
        <ol>
          <li>
            {t(
              'Drag a synthetic defect over the image and watch the map answer. It is pasted into the network’s features, not into the pixels.',
            )}
          </li>
          <li>{t('Drag the threshold, on the colour bar or the histogram, and see what it decides.')}</li>
          <li>{t('Train again with other settings; pause, or go step by step.')}</li>
          <li>{t('Drop 20 to 50 photos of your own good parts. They never leave this page.')}</li>
        </ol>
        <h3>{t('Lessons')}</h3>
        <ul className="help-lessons">
          {READY.map(({ name, title }) => (
            <li key={name}>
              <button
                type="button"
                className="button"
                onClick={() => {
                  dialog.current!.close();
                  openReady(name);
                }}
              >
                {t(title)}
              </button>
            </li>
          ))}
        </ul>
        <h3>{t('Keyboard')}</h3>
        <dl className="keys">
          {KEYS.map(([key, action]) => (
            <div key={key}>
              <dt>
                {key.split(' ').map((cap) => (
                  <kbd key={cap}>{t(cap)}</kbd>
                ))}
              </dt>
              <dd>{t(action)}</dd>
            </div>
          ))}
        </dl>
        <Switch checked={shortcuts} onChange={(on) => setLayout({ shortcuts: on })}>
          {t('Single-key shortcuts')}
        </Switch>
        <p className="small muted">
          {t('On the image: wheel or pinch zooms, dragging pans, a double click shows all of it again.')}
        </p>
      </div>
    </dialog>
  );
}
