// Weights that are not here: what they cost, before anything is fetched; then the download, its bytes and its end.
import type { BackboneOffer } from '../../engine/api/types';
import { cancelDownload, declineWeights, downloadWeights, loadWeights } from './actions';
import { useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { CostTable } from './CostTable';
import { DownloadLine } from './DownloadLine';
import { useModal } from '../hooks/useModal';
import './weights.css';

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
      <h2 id="weights-title">{offer.id} is not here yet</h2>
      <p className="muted">
        {offer.published
          ? 'Nothing is fetched before you press Download. Your images stay on this machine either way.'
          : 'Nobody publishes these weights; a file in timm’s naming can be loaded.'}
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
            {error ? 'Download again' : 'Download'}
          </button>
        )}
        <FileButton
          label="Load a weights file (.safetensors)"
          icon="weights"
          accept=".safetensors"
          disabled={downloading}
          onFiles={([first]) => void loadWeights(first!.file)}
        >
          Load a file
        </FileButton>
        <span className="spring" />
        <button type="button" className="button" onClick={back}>
          {downloading ? 'Cancel download' : 'Cancel'}
        </button>
      </div>
    </dialog>
  );
}
