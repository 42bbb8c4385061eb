// Three buttons under one sign: scores as a file, maps as a picture, a report of the model. Loaded after the first view.
import { useState, type ComponentProps } from 'react';
import { Icon } from '../controls/Icon';
import { isComparing } from '../compare/events';
import { complain } from '../notices/actions';
import { t } from '../languages/texts';
import { isTraining } from '../shell/selectors';
import { useApp } from '../shell/store';
import './takeAway.css';

/** Raw scores as CSV, the maps of the test images as a PNG, all of it as HTML. */
export default function TakeAway() {
  const [busy, setBusy] = useState(false);
  const engineReady = useApp((state) => state.engine.status === 'ready' && !isComparing(state) && !isTraining(state)); // prettier-ignore
  const load = () => import('./saveFiles');
  const saving = (save: (files: Awaited<ReturnType<typeof load>>) => Promise<void>) => () => {
    setBusy(true);
    void load()
      .then(save)
      .catch(complain)
      .finally(() => setBusy(false));
  };
  return (
    <span className="take-away">
      <SaveButton
        label={t('Save the scores as CSV')}
        onClick={() => void load().then(({ saveScores }) => saveScores(), complain)}
      >
        <Icon name="save" />
        {t('CSV')}
      </SaveButton>
      <SaveButton
        label={t('Save the maps as PNG')}
        disabled={busy}
        onClick={saving(({ saveMaps }) => saveMaps())}
      >
        {t('PNG')}
      </SaveButton>
      <SaveButton
        label={t('Save a report as HTML')}
        disabled={busy || !engineReady}
        onClick={saving(({ saveReport }) => saveReport())}
      >
        {t('HTML')}
      </SaveButton>
    </span>
  );
}

function SaveButton({
  label,
  ...rest
}: { label: string } & Pick<ComponentProps<'button'>, 'disabled' | 'onClick' | 'children'>) {
  return <button type="button" className="button quiet small" aria-label={label} {...rest} />;
}
