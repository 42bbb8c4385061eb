// Asks before thousands of images are loaded, with what that costs in memory and time.
import { answerLargeLoad } from './largeLoad';
import { MOST_IMAGES, ONLY_SOME, type LoadEstimate } from './loadEstimate';
import { formatBytes, formatSeconds, plural } from '../controls/format';
import { useModal } from '../hooks/useModal';
import '../weights/weights.css';

export default function LargeLoadDialog({ estimate }: { estimate: LoadEstimate }) {
  const dialog = useModal();
  const count = estimate.images.toLocaleString('en');
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
      <h2 id="large-load-title">Load {plural(estimate.images, 'image')}?</h2>
      {tooMany ? (
        <p>At most {MOST_IMAGES.toLocaleString('en')} images are loaded at once.</p>
      ) : (
        <Costs estimate={estimate} />
      )}
      <p className="muted">
        Files stay where they are and are read when they are needed. Whatever is on screen now stays until you
        answer.
      </p>
      <div className="row">
        {!tooMany && (
          <button type="button" className="button primary" onClick={() => answerLargeLoad('all')}>
            Load all {count}
          </button>
        )}
        <button
          type="button"
          className="button"
          title="Spread evenly over the folders"
          onClick={() => answerLargeLoad('some')}
        >
          Only {ONLY_SOME.toLocaleString('en')} of them
        </button>
        <span className="spring" />
        <button type="button" className="button" onClick={() => answerLargeLoad('none')}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}

function Costs({ estimate: { bytes, memory, features, seconds } }: { estimate: LoadEstimate }) {
  return (
    <dl className="weights-cost">
      <div>
        <dt>Files</dt>
        <dd>{formatBytes(bytes)}, not copied into memory</dd>
      </div>
      <div>
        <dt>Memory</dt>
        <dd>about {formatBytes(memory)} beside what the page takes anyway</dd>
      </div>
      <div>
        <dt>Features</dt>
        <dd>{placesOf(features)}</dd>
      </div>
      <div>
        <dt>Time</dt>
        <dd>about {formatSeconds(seconds)} on this adapter; it can be interrupted by choosing another set</dd>
      </div>
    </dl>
  );
}

/** All on the GPU, or what goes where. */
function placesOf({ all, gpu, memory, disk }: LoadEstimate['features']): string {
  if (gpu === all) return `${formatBytes(all)} on the GPU`;
  const places = [`${formatBytes(gpu)} on the GPU`, `${formatBytes(memory)} in memory`];
  if (disk > 0)
    places.push(
      `${formatBytes(disk)} in a private file on the disk, or computed again where that is not allowed`,
    );
  return `${formatBytes(all)}: ${places.join(', ')}`;
}
