// Sessions: everything on screen as one file to take away, with what it holds and weighs; and such a file opened.
import { useEffect, useState } from 'react';
import { setLayout } from '../shell/layout';
import { openSession, pieces, saveSession, type Pieces } from './actions';
import { useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { formatBytes } from '../controls/format';
import { useModal } from '../hooks/useModal';
import '../weights/weights.css';
import { TakeAway } from './TakeAway';

const close = () => setLayout({ sessionOpen: false });

export default function SessionDialog() {
  const dialog = useModal();
  const [parts, setParts] = useState<Pieces | null>(null);
  const [withImages, setWithImages] = useState(true);
  const [saving, setSaving] = useState(false);
  useEffect(() => {
    void pieces().then(setParts);
  }, []);
  const save = async () => {
    setSaving(true);
    const saved = await saveSession(withImages);
    setSaving(false);
    if (saved) close();
  };
  const bytes = parts ? sizeOf(parts, withImages) : null;
  const imageBytes = parts?.imageBytes ?? null;
  return (
    <dialog ref={dialog} className="weights-dialog" aria-labelledby="session-title" onClose={close}>
      <h2 id="session-title">Save everything as a session</h2>
      <p className="muted">
        One .zip for this page or the command line, on any machine. It is written here; nothing is uploaded.
      </p>
      <Contents parts={parts} />
      {imageBytes !== null && (
        <label className="row">
          <input
            type="checkbox"
            checked={withImages}
            onChange={(event) => setWithImages(event.currentTarget.checked)}
          />
          With my images ({formatBytes(imageBytes)})
        </label>
      )}
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={!parts || saving}
          onClick={() => void save()}
        >
          {saving ? 'Saving' : `Save session${!bytes ? '' : ` (${formatBytes(bytes)})`}`}
        </button>
        <FileButton
          label="Open a session (.zip)"
          icon="folder"
          accept=".zip,.safetensors"
          onFiles={([first]) => {
            close();
            void openSession(first!.file);
          }}
        >
          Open a session
        </FileButton>
        <span className="spring" />
        <button type="button" className="button" onClick={() => dialog.current!.close()}>
          Cancel
        </button>
      </div>
      <TakeAway model={parts?.weights ?? null} />
    </dialog>
  );
}

/** What goes in, one line each. */
function Contents({ parts }: { parts: Pieces | null }) {
  const count = useApp((state) => state.data.order.length);
  const seed = useApp((state) => state.params.seed);
  const model = parts?.weights
    ? `the trained model (${formatBytes(parts.weights.byteLength)})`
    : 'no model yet';
  const run =
    parts?.run &&
    `the training at step ${parts.run.about.step} of ${parts.run.about.steps} (${formatBytes(parts.run.file.byteLength)})`;
  return (
    <ul className="small session-contents">
      <li>all settings, seed {seed}; curves, threshold and metrics</li>
      <li>names of the {count.toLocaleString('en')} images, your own with their digests</li>
      <li>{parts ? model : 'asking the engine for the model'}</li>
      {run && <li>{run}</li>}
    </ul>
  );
}

/** Settings and names weigh next to nothing. */
const sizeOf = ({ weights, run, imageBytes }: Pieces, withImages: boolean): number =>
  (weights?.byteLength ?? 0) + (run?.file.byteLength ?? 0) + (withImages ? (imageBytes ?? 0) : 0);
