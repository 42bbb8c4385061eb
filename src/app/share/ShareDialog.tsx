// Sharing: the link to what is on screen, as text and as a QR code, what travels with it and what does not, and the way
// to make a lesson of it.
import { useEffect, useRef } from 'react';
import { isLesson } from '../../settings/lesson';
import { setLayout } from '../shell/layout';
import { copyLink, shareAddress } from './linkSync';
import { isOwnSet } from '../shell/selectors';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { QrCode } from './QrCode';
import { useModal } from '../hooks/useModal';
import { t } from '../languages/texts';
import './share.css';

const close = () => setLayout({ shareOpen: false });

export default function ShareDialog() {
  const dialog = useModal();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current!.focus();
  }, []);
  // Whatever changes, a run that ends say, the link changes with it.
  const address = useApp(() => shareAddress());
  const lesson = useApp((state) => isLesson(state.view.lesson));
  const copy = () => void copyLink().then(close);
  return (
    <dialog
      ref={dialog}
      className="share-dialog"
      aria-labelledby="share-title"
      onClose={close}
      onClick={(event) => event.target === event.currentTarget && dialog.current!.close()}
    >
      <div className="share-body">
        <div className="row">
          <h2 id="share-title">{lesson ? t('Share this lesson') : t('Share what is on screen')}</h2>
          <span className="spring" />
          <IconButton icon="close" label={t('Close sharing')} onClick={() => dialog.current!.close()} />
        </div>
        <div className="share-columns">
          <QrCode text={address} />
          <div className="share-words">
            <Travels lesson={lesson} />
            <textarea
              className="share-link"
              aria-label={t('The link')}
              readOnly
              rows={4}
              value={address}
              onFocus={(event) => event.currentTarget.select()}
            />
            <button ref={button} type="button" className="button primary" onClick={copy}>
              {t('Copy link')}
            </button>
          </div>
        </div>
        <div className="share-lesson">
          <p className="small muted">
            {t(
              'For a class: hide or lock controls, and add a title, a task, or steps that ask and show. All of it is in the link.',
            )}
          </p>
          <button
            type="button"
            className="button"
            onClick={() => setLayout({ shareOpen: false, lessonEditorOpen: true })}
          >
            {lesson ? t('Edit the lesson') : t('Make a lesson')}
          </button>
        </div>
      </div>
    </dialog>
  );
}

/** Two sentences: what is in the link, and what is not. */
function Travels({ lesson }: { lesson: boolean }) {
  const own = useApp((state) => isOwnSet(state.params));
  const count = useApp((state) => state.data.order.length);
  return (
    <p className="small">
      {t(
        'In the link: every setting that differs from its preset, the seed, {what}the image on screen, threshold and block{what2}. {what3}',
        {
          what: own ? '' : t('the data set, '),
          what2: lesson ? t(', and the lesson') : '',
          what3: own
            ? t(
                'Not in it: your {count, plural, one {# image} other {# images}}, named only by a digest of file names and sizes so that others can be told whether theirs are the same; nor model and scores, which come again with the same seed.',
                { count },
              )
            : t(
                'Not in it: images, trained model and scores; whoever opens it trains again, and the same seed on the same adapter gives the same run.',
              ),
        },
      )}
    </p>
  );
}
