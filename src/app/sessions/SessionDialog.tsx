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
import { t } from '../languages/texts';

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
      <h2 id="session-title">{t('Save everything as a session')}</h2>
      <p className="muted">
        {t(
          'One .zip for this page or the command line, on any machine. It is written here; nothing is uploaded.',
        )}
      </p>
      <Contents parts={parts} />
      {imageBytes !== null && (
        <label className="row">
          <input
            type="checkbox"
            checked={withImages}
            onChange={(event) => setWithImages(event.currentTarget.checked)}
          />
          {t('With my images ({imageBytes})', { imageBytes: formatBytes(imageBytes) })}
        </label>
      )}
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={!parts || saving}
          onClick={() => void save()}
        >
          {saving ? t('Saving') : t('Save session{what}', { what: !bytes ? '' : ` (${formatBytes(bytes)})` })}
        </button>
        <FileButton
          label={t('Open a session (.zip)')}
          icon="folder"
          accept=".zip,.safetensors"
          onFiles={([first]) => {
            close();
            void openSession(first!.file);
          }}
        >
          {t('Open a session')}
        </FileButton>
        <span className="spring" />
        <button type="button" className="button" onClick={() => dialog.current!.close()}>
          {t('Cancel')}
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
    ? t('the trained model ({byteLength})', { byteLength: formatBytes(parts.weights.byteLength) })
    : t('no model yet');
  const run =
    parts?.run &&
    t('the training at step {step} of {steps} ({byteLength})', {
      step: parts.run.about.step,
      steps: parts.run.about.steps,
      byteLength: formatBytes(parts.run.file.byteLength),
    });
  return (
    <ul className="small session-contents">
      <li>{t('all settings, seed {seed}; curves, threshold and metrics', { seed })}</li>
      <li>{t('names of the {count, number} images, your own with their digests', { count })}</li>
      <li>{parts ? model : t('asking the engine for the model')}</li>
      {run && <li>{run}</li>}
    </ul>
  );
}

/** Settings and names weigh next to nothing. */
const sizeOf = ({ weights, run, imageBytes }: Pieces, withImages: boolean): number =>
  (weights?.byteLength ?? 0) + (run?.file.byteLength ?? 0) + (withImages ? (imageBytes ?? 0) : 0);
