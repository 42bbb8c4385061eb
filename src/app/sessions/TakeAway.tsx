// Taking the detector away: one ONNX file for other programs. Part of the session dialog.
import { useState } from 'react';
import { Segmented } from '../controls/Segmented';
import { takeAway, takeCard, type Taken } from './takeAway';
import { msg, t } from '../languages/texts';

const PRECISIONS = [
  { value: 'f32', label: msg('Full precision') },
  {
    value: 'f16',
    label: msg('Half'),
    help: msg('Large weights in 16 bits: half the file, nearly the same scores.'),
  },
] as const;

/** @param model the model's file; null while there is none */
export function TakeAway({ model }: { model: ArrayBuffer | null }) {
  const [precision, setPrecision] = useState<'f32' | 'f16'>('f32');
  const [writing, setWriting] = useState(false);
  const [taken, setTaken] = useState<Taken | null>(null);
  const write = async () => {
    setWriting(true);
    setTaken(await takeAway(model!, precision));
    setWriting(false);
  };
  return (
    <section className="take-away" aria-labelledby="take-away-title">
      <h3 id="take-away-title">{t('Take the detector away')}</h3>
      <p className="muted small">
        {t(
          'One .onnx for other programs: images in, anomaly map and raw score out; threshold and settings go along as metadata.',
        )}
      </p>
      <div className="row">
        <Segmented label={t('Precision')} value={precision} options={PRECISIONS} onChange={setPrecision} />
        <button type="button" className="button" disabled={!model || writing} onClick={() => void write()}>
          {writing ? t('Writing') : t('Export ONNX')}
        </button>
        {taken && (
          <button type="button" className="button" onClick={() => void takeCard(taken)}>
            {t('Model card')}
          </button>
        )}
      </div>
    </section>
  );
}
