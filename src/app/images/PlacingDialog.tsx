// Asks where a set goes that is brought while one of the user's own is on screen.
import { answerPlacing } from './placing';
import type { Placing } from './largeLoadSlice';
import { useModal } from '../hooks/useModal';
import { t } from '../languages/texts';
import { useApp } from '../shell/store';
import '../weights/weights.css';

export default function PlacingDialog({ placing: { title, images, twins } }: { placing: Placing }) {
  const dialog = useModal();
  const here = t(useApp((state) => state.data.set.title));
  const count = useApp((state) => state.data.order.length);
  const trained = useApp((state) => state.model.source === 'trained');
  return (
    <dialog
      ref={dialog}
      className="weights-dialog"
      aria-labelledby="placing-title"
      onCancel={(event) => {
        event.preventDefault();
        answerPlacing('none');
      }}
      onClose={() => answerPlacing('none')}
    >
      <h2 id="placing-title">{t('Where do these images go?')}</h2>
      <p>
        {t(
          '{title} has {images, plural, one {# image} other {# images}}. On screen is {here}, with {count, plural, one {# image} other {# images}}{trained, select, yes { and a model trained on them} other {}}.',
          { title: t(title), images, here, count, trained: trained ? 'yes' : 'no' },
        )}
      </p>
      {twins > 0 && (
        <p>
          {t(
            '{twins, plural, one {One of them is} other {# of them are}} on screen already and would not be added twice.',
            { twins },
          )}
        </p>
      )}
      <div className="row placing-choices">
        <button type="button" className="button primary" onClick={() => answerPlacing('new')}>
          {t('New set beside it')}
        </button>
        <button type="button" className="button" onClick={() => answerPlacing('add')}>
          {t('Add to {here}', { here })}
        </button>
        <button type="button" className="button" onClick={() => answerPlacing('replace')}>
          {t('Replace {here}', { here })}
        </button>
        <span className="spring" />
        <button type="button" className="button" onClick={() => answerPlacing('none')}>
          {t('Cancel')}
        </button>
      </div>
      <p className="small muted">
        {t('A set beside the others stays in the chooser, with its model. One that is replaced is gone.')}
      </p>
    </dialog>
  );
}
