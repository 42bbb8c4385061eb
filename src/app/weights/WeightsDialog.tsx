// Weights that are not here: what they cost, before anything is fetched; then the download, its bytes and its end.
import type { BackboneOffer } from '../../engine/api/types';
import { cancelDownload, declineWeights, downloadWeights, loadWeights } from './actions';
import { useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { useModal } from '../hooks/useModal';
import './weights.css';
import { formatBytes } from '../controls/format';
import type { WeightsSlice } from './weightsSlice';
import { ProgressBar } from '../controls/ProgressBar';
import { msg, t } from '../languages/texts';

export default function WeightsDialog({ offer }: { offer: BackboneOffer }) {
  const dialog = useModal();
  const downloading = useApp((state) => state.weights.download !== null);
  const error = useApp((state) => state.weights.error);
  const back = () => (downloading ? cancelDownload() : void declineWeights());
  return (
    <dialog
      ref={dialog}
      className="weights-dialog"
      aria-labelledby="weights-title"
      onCancel={(event) => {
        event.preventDefault();
        back();
      }}
      onClose={back}
    >
      <h2 id="weights-title">{t('{id} is not here yet', { id: offer.id })}</h2>
      <p className="muted">
        {offer.published
          ? t('Nothing is fetched before you press Download. Your images stay on this machine either way.')
          : t('Nobody publishes these weights; a file in timm’s naming can be loaded.')}
      </p>
      <CostTable offer={offer} />
      <DownloadLine />
      {error && (
        <div role="alert">
          <p className="weights-error">{error.message}</p>
          <p className="muted">{error.remedy}</p>
        </div>
      )}
      <div className="row">
        {offer.published && (
          <button
            type="button"
            className="button primary"
            disabled={downloading}
            onClick={() => void downloadWeights()}
          >
            {error ? t('Download again') : t('Download')}
          </button>
        )}
        <FileButton
          label={t('Load a weights file (.safetensors)')}
          icon="weights"
          accept=".safetensors"
          disabled={downloading}
          onFiles={([first]) => void loadWeights(first!.file)}
        >
          {t('Load a file')}
        </FileButton>
        <span className="spring" />
        <button type="button" className="button" onClick={back}>
          {downloading ? t('Cancel download') : t('Cancel')}
        </button>
      </div>
    </dialog>
  );
}

/** What a backbone costs: bytes, parameters, work, time on this adapter. */
function CostTable({ offer }: { offer: BackboneOffer }) {
  const size = useApp((state) => state.params.inputSize);
  const gflops = useApp((state) => state.engine.adapter?.gflops ?? 0);
  const hub = useApp((state) => state.weights.hub);
  const { published, licence, bytes, fileBytes, pinned, parameters, macs } = offer;
  const download = pinned
    ? t('the whole file, about {fileBytes}', { fileBytes: formatBytes(fileBytes ?? bytes) })
    : `${formatBytes(bytes)}${fileBytes ? t(', of a file of about {fileBytes}', { fileBytes: formatBytes(fileBytes) }) : ''}`;
  const rows: [string, string | null][] = [
    [t('Weights'), published && `${published}, ${licence}`],
    [t('Download'), published && t('{download}, from {host}', { download, host: new URL(hub).host })],
    [t('Check'), published && t(pinned ? VERIFIED : UNVERIFIED)],
    [
      t('Parameters'),
      t('{parameters} million, up to the features used', { parameters: (parameters / 1e6).toFixed(1) }),
    ],
    [t('Work per image'), `${(macs / 1e9).toFixed(2)} GMAC at ${size} × ${size} px`],
    [
      t('Time per image'),
      gflops > 0 ? t('about {macs} on this adapter', { macs: formatTime(macs, gflops) }) : null,
    ],
  ];
  return (
    <dl className="weights-cost" data-testid="weights-cost">
      {rows.map(
        ([term, text]) =>
          text && (
            <div key={term}>
              <dt className="muted">{term}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

const VERIFIED = msg('The file must have its published SHA-256.');
const UNVERIFIED = msg(
  'Its SHA-256 is not known here yet: the first download is taken unverified and remembered, later ones must be the same.',
);

/** A multiply-add is two operations; the adapter's speed is that of a dense convolution, so this is a lower bound. */
function formatTime(macs: number, gflops: number): string {
  const seconds = (2 * macs) / (gflops * 1e9);
  return seconds < 1
    ? t('{value} ms', { value: Math.max(1, Math.round(seconds * 1000)) })
    : `${seconds.toFixed(1)} s`;
}

type Download = NonNullable<WeightsSlice['download']>;

const PHASES: Record<Download['phase'], string> = {
  header: msg('Reading what is where'),
  tensors: msg('Downloading'),
  check: msg('Checking and keeping'),
  upload: msg('Uploading to the adapter'),
  'warm-up': msg('Warming up'),
};

/** How far the download is: phase and bytes. */
function DownloadLine() {
  const download = useApp((state) => state.weights.download);
  if (!download) return null;
  const { phase, doneBytes, totalBytes } = download;
  const bytes = totalBytes
    ? t('{doneBytes} of {totalBytes}', {
        doneBytes: formatBytes(doneBytes),
        totalBytes: formatBytes(totalBytes),
      })
    : formatBytes(doneBytes);
  return (
    <ProgressBar
      label={t('Download')}
      text={`${t(PHASES[phase])}: ${bytes}`}
      fraction={totalBytes ? doneBytes / totalBytes : 0}
    />
  );
}
