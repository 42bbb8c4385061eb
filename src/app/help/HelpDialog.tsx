// Help: what the page is, how to use it in four sentences, and the keyboard.
import { setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { Switch } from '../controls/Switch';
import { useModal } from '../hooks/useModal';
import { openReady, READY } from '../story/ready';
import './help.css';

const KEYS: readonly [string, string][] = [
  ['Space', 'train, pause, go on'],
  ['N', 'one training step'],
  ['1 2 3 4', 'map: fused, normal, abnormal, mask'],
  ['I', 'look inside, and back'],
  ['[ ]', 'overlay weaker, stronger'],
  ['Arrows', 'previous, next image; on the handle: move the block'],
  [', .', 'on the block’s handle: turn it'],
  ['T', 'go to the threshold, then arrows'],
  ['Delete', 'in the images: remove, with undo'],
  ['S', 'share a link'],
  ['P', 'presenter mode: large type, thick outlines'],
  ['?', 'on a control: what it does; else this help'],
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
          <h2 id="help-title">What this is</h2>
          <span className="spring" />
          <IconButton icon="close" label="Close help" onClick={() => dialog.current!.close()} />
        </div>
        <p>
          A laboratory for finding defects in images, wholly in your browser. From normal images alone, two
          small grids learn what is usual (the normal grid) and what a disturbance looks like (the abnormal
          grid). What they cannot rebuild lights up in the map. The method is GRAD, Bi-Grid Reconstruction
          (ICME 2025).
        </p>
        <h3>Four things to do</h3>
        <ol>
          <li>
            Drag a synthetic defect over the image and watch the map answer. It is pasted into the network’s
            features, not into the pixels.
          </li>
          <li>Drag the threshold, on the colour bar or the histogram, and see what it decides.</li>
          <li>Train again with other settings; pause, or go step by step.</li>
          <li>Drop 20 to 50 photos of your own good parts. They never leave this page.</li>
        </ol>
        <h3>Lessons</h3>
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
                {title}
              </button>
            </li>
          ))}
        </ul>
        <h3>Keyboard</h3>
        <dl className="keys">
          {KEYS.map(([key, action]) => (
            <div key={key}>
              <dt>
                {key.split(' ').map((cap) => (
                  <kbd key={cap}>{cap}</kbd>
                ))}
              </dt>
              <dd>{action}</dd>
            </div>
          ))}
        </dl>
        <Switch checked={shortcuts} onChange={(on) => setLayout({ shortcuts: on })}>
          Single-key shortcuts
        </Switch>
        <p className="small muted">
          On the image: wheel or pinch zooms, dragging pans, a double click shows all of it again.
        </p>
      </div>
    </dialog>
  );
}
