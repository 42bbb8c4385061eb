// Two buttons: scores as a file, maps as a picture. Loaded after the first view.
import { useState } from 'react';
import { Icon } from '../controls/Icon';
import { complain } from '../notices/actions';
import { t } from '../languages/texts';

/** Raw scores as CSV, the maps of the test images as a PNG. */
export default function TakeAway() {
  const [busy, setBusy] = useState(false);
  const load = () => import('./saveFiles');
  const maps = () => {
    setBusy(true);
    void load()
      .then(({ saveMaps }) => saveMaps())
      .catch(complain)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <button
        type="button"
        className="button quiet small"
        aria-label={t('Save the scores as CSV')}
        onClick={() => void load().then(({ saveScores }) => saveScores(), complain)}
      >
        <Icon name="save" />
        {t('CSV')}
      </button>
      <button
        type="button"
        className="button quiet small"
        aria-label={t('Save the maps as PNG')}
        disabled={busy}
        onClick={maps}
      >
        <Icon name="save" />
        {t('PNG')}
      </button>
    </>
  );
}
