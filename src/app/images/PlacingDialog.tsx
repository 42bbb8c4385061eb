// Asks where a set goes that is brought while one of the user's own is on screen.
import { answerPlacing } from './placing';
import type { Placing } from './largeLoadSlice';
import { plural } from '../controls/format';
import { useModal } from '../hooks/useModal';
import { useApp } from '../shell/store';
import '../weights/weights.css';

export default function PlacingDialog({ placing: { title, images, twins } }: { placing: Placing }) {
  const dialog = useModal();
  const here = useApp((state) => state.data.set.title);
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
      <h2 id="placing-title">Where do these images go?</h2>
      <p>
        {title} has {plural(images, 'image')}. On screen is {here}, with {plural(count, 'image')}
        {trained && ' and a model trained on them'}.
      </p>
      {twins > 0 && (
        <p>
          {twins === 1 ? 'One of them is' : `${twins.toLocaleString('en')} of them are`} on screen already and
          would not be added twice.
        </p>
      )}
      <div className="row placing-choices">
        <button type="button" className="button primary" onClick={() => answerPlacing('new')}>
          New set beside it
        </button>
        <button type="button" className="button" onClick={() => answerPlacing('add')}>
          Add to {here}
        </button>
        <button type="button" className="button" onClick={() => answerPlacing('replace')}>
          Replace {here}
        </button>
        <span className="spring" />
        <button type="button" className="button" onClick={() => answerPlacing('none')}>
          Cancel
        </button>
      </div>
      <p className="small muted">
        A set beside the others stays in the chooser, with its model. One that is replaced is gone.
      </p>
    </dialog>
  );
}
