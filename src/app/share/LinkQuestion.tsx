// A link was opened where work of the visitor's own is kept or on screen: asks which of the two they want to see. Neither
// answer deletes anything.
import { keepMine } from './links';
import { followLink } from './linkSync';
import type { KeptWork, LinkSlice } from './linkSlice';
import { useApp } from '../shell/store';
import { useModal } from '../hooks/useModal';
import { t } from '../languages/texts';
import './share.css';

export default function LinkQuestion({ question }: { question: NonNullable<LinkSlice['question']> }) {
  const dialog = useModal();
  const running = question.pending !== null && question.kept.run !== null;
  return (
    <dialog
      ref={dialog}
      className="share-dialog link-question"
      aria-labelledby="link-question-title"
      // Escape is the cautious answer.
      onCancel={() => void keepMine()}
    >
      <div className="share-body">
        <h2 id="link-question-title">{t('Open the link, or go on with your work?')}</h2>
        <Work kept={question.kept} />
        <p>
          {t(
            '{what} If you open the link, what is kept of yours stays as it is, and nothing you do with the link takes its place until you say so.',
            {
              what: running
                ? t('Opening the link ends the training on screen; its last checkpoint is kept.')
                : t('Nothing is deleted either way.'),
            },
          )}
        </p>
        <div className="row">
          <button type="button" className="button primary" onClick={followLink}>
            {t('Open the link')}
          </button>
          <button type="button" className="button" onClick={() => void keepMine()}>
            {t('Keep mine')}
          </button>
        </div>
      </div>
    </dialog>
  );
}

function Work({ kept: { images, model, run } }: { kept: KeptWork }) {
  const sets = useApp((state) => state.data.sets);
  const title = (id: string) =>
    id.startsWith('own') ? t('your images') : (sets.find((set) => set.id === id)?.title ?? id);
  return (
    <ul aria-label={t('Your work here')}>
      {images > 0 && <li>{t('{images, plural, one {# image} other {# images}} of your own', { images })}</li>}
      {model !== null && <li>{t('a model you trained on {model}', { model: title(model) })}</li>}
      {run && (
        <li>
          {t('an unfinished training, at step {step} of {steps}', { step: run.step, steps: run.steps })}
        </li>
      )}
    </ul>
  );
}
