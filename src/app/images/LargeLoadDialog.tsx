// Asks before thousands of images are loaded, with what that costs in memory and time.
import { answerLargeLoad } from './largeLoad';
import { MOST_IMAGES, ONLY_SOME, type LoadEstimate } from './loadEstimate';
import { formatBytes, formatSeconds } from '../controls/format';
import { useModal } from '../hooks/useModal';
import { t } from '../languages/texts';
import '../weights/weights.css';

export default function LargeLoadDialog({ estimate }: { estimate: LoadEstimate }) {
  const dialog = useModal();
  const count = t('{count, number}', { count: estimate.images });
  const tooMany = estimate.images > MOST_IMAGES;
  return (
    <dialog
      ref={dialog}
      className="weights-dialog"
      aria-labelledby="large-load-title"
      onCancel={(event) => {
        event.preventDefault();
        answerLargeLoad('none');
      }}
      onClose={() => answerLargeLoad('none')}
    >
      <h2 id="large-load-title">
        {t('Load {images, plural, one {# image} other {# images}}?', { images: estimate.images })}
      </h2>
      {tooMany ? (
        <p>{t('At most {MOST_IMAGES, number} images are loaded at once.', { MOST_IMAGES })}</p>
      ) : (
        <Costs estimate={estimate} />
      )}
      <p className="muted">
        {t(
          'Files stay where they are and are read when they are needed. Whatever is on screen now stays until you answer.',
        )}
      </p>
      <div className="row">
        {!tooMany && (
          <button type="button" className="button primary" onClick={() => answerLargeLoad('all')}>
            {t('Load all {count}', { count })}
          </button>
        )}
        <button
          type="button"
          className="button"
          title={t('Spread evenly over the folders')}
          onClick={() => answerLargeLoad('some')}
        >
          {t('Only {ONLY_SOME, number} of them', { ONLY_SOME })}
        </button>
        <span className="spring" />
        <button type="button" className="button" onClick={() => answerLargeLoad('none')}>
          {t('Cancel')}
        </button>
      </div>
    </dialog>
  );
}

function Costs({ estimate: { bytes, memory, features, seconds } }: { estimate: LoadEstimate }) {
  return (
    <dl className="weights-cost">
      <div>
        <dt>{t('Files')}</dt>
        <dd>{t('{bytes}, not copied into memory', { bytes: formatBytes(bytes) })}</dd>
      </div>
      <div>
        <dt>{t('Memory')}</dt>
        <dd>{t('about {memory} beside what the page takes anyway', { memory: formatBytes(memory) })}</dd>
      </div>
      <div>
        <dt>{t('Features')}</dt>
        <dd>{placesOf(features)}</dd>
      </div>
      <div>
        <dt>{t('Time')}</dt>
        <dd>
          {t('about {seconds} on this adapter; it can be interrupted by choosing another set', {
            seconds: formatSeconds(seconds),
          })}
        </dd>
      </div>
    </dl>
  );
}

/** All on the GPU, or what goes where. */
function placesOf({ all, gpu, memory, disk }: LoadEstimate['features']): string {
  if (gpu === all) return t('{all} on the GPU', { all: formatBytes(all) });
  const places = [
    t('{gpu} on the GPU', { gpu: formatBytes(gpu) }),
    t('{memory} in memory', { memory: formatBytes(memory) }),
  ];
  if (disk > 0)
    places.push(
      t('{disk} in a private file on the disk, or computed again where that is not allowed', {
        disk: formatBytes(disk),
      }),
    );
  return `${formatBytes(all)}: ${places.join(', ')}`;
}
