// Which values of images of more than 8 bits become black and white: from the training images, or two numbers. They take
// effect when the box is left: features of all such images are computed anew.
import { useState } from 'react';
import { PARAMS } from '../../settings/table';
import { ParamName } from '../controls/ParamName';
import { ResetButton } from '../controls/ResetButton';
import { Switch } from '../controls/Switch';
import { useParam } from '../controls/useParam';
import { useLocked } from '../lesson/Lock';
import { useApp } from '../shell/store';
import { endsOf, withEnd } from './pixelRangeText';
import { t } from '../languages/texts';

const AUTO = PARAMS.pixelRange.default;

export function PixelRangeControl() {
  const { value, changed, set, reset } = useParam<string>('pixelRange');
  // What is in use: only images of more than 8 bits have a range.
  const used = useApp((state) => state.engine.features?.range ?? null);
  const ends = endsOf(value) ?? endsOf(used) ?? [0, 65535];
  const auto = value === AUTO;
  return (
    <div className="param">
      <ParamName name="pixelRange" />
      <span />
      <span />
      <ResetButton name={PARAMS.pixelRange.label} visible={changed} onReset={reset} />
      <div className="row pixel-range" role="group" aria-label={PARAMS.pixelRange.label}>
        <Switch checked={auto} onChange={(on) => set(on ? AUTO : `${ends[0]}:${ends[1]}`)}>
          {t('auto')}
        </Switch>
        <End
          key={`low ${ends[0]}`}
          name="black"
          value={ends[0]}
          onCommit={(end) => set(withEnd(ends, 0, end))}
        />
        <span className="muted">{t('to')}</span>
        <End
          key={`high ${ends[1]}`}
          name="white"
          value={ends[1]}
          onCommit={(end) => set(withEnd(ends, 1, end))}
        />
      </div>
      {auto && !used && (
        <p className="small muted">{t('All images here have 8 bits: they have no range.')}</p>
      )}
    </div>
  );
}

function End({ name, value, onCommit }: { name: string; value: number; onCommit: (text: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const locked = useLocked();
  const commit = () => {
    if (draft !== null && Number(draft) !== value) onCommit(draft);
    setDraft(null);
  };
  return (
    <input
      className="number-box"
      type="number"
      step="any"
      aria-label={t('Value that becomes {name}', { name })}
      disabled={locked}
      value={draft ?? String(value)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
