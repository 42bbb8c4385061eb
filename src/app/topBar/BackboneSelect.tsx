// The frozen network behind the features: the whole family, with what is not here marked as such; or a file.
import { useEffect } from 'react';
import type { BackboneOffer } from '../../engine/api/types';
import { chooseBackbone, refreshOffers } from '../weights/backboneChoice';
import { complain } from '../notices/actions';
import { loadWeights } from '../weights/actions';
import { useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { useLocked } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { msg, t } from '../languages/texts';

const BUNDLED = 'mini_resnet';

export function BackboneSelect() {
  const backbone = useApp((state) => state.params.backbone);
  const inputSize = useApp((state) => state.params.inputSize);
  const taps = useApp((state) => state.params.taps);
  const working = useApp((state) => state.engine.features?.backbone);
  const ready = useApp((state) => state.engine.status === 'ready');
  const offers = useApp((state) => state.weights.offers);
  const locked = useLocked();
  useEffect(() => {
    if (ready) void refreshOffers().catch(complain);
  }, [ready, inputSize, taps, working]);
  const known = offers.length > 0 ? offers.map(({ id }) => id) : [BUNDLED];
  return (
    <span className="field">
      <HelpTip topic="backbone" title={t('Backbone')} ofControl>
        {t('Backbone')}
      </HelpTip>
      <select
        aria-label={t('Backbone')}
        className="select"
        value={backbone}
        disabled={locked}
        onChange={(event) => void chooseBackbone(event.target.value).catch(complain)}
      >
        {[...new Set([...known, backbone])].map((id) => (
          <option key={id} value={id}>
            {id}
            {noteOn(offers.find((offer) => offer.id === id))}
          </option>
        ))}
      </select>
      <FileButton
        label={t('Load weights file (.safetensors)')}
        icon="weights"
        accept=".safetensors"
        quiet
        onFiles={([first]) => void loadWeights(first!.file)}
      />
    </span>
  );
}

const NOTES: Record<BackboneOffer['source'], string> = {
  here: '',
  kept: msg(' (kept)'),
  hub: msg(' (download)'),
  file: msg(' (from a file)'),
};

function noteOn(offer: BackboneOffer | undefined): string {
  if (!offer) return '';
  return offer.id === BUNDLED ? t(' (bundled)') : t(NOTES[offer.source]);
}
