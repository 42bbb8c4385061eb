// The raw values of all branches under the pointer, in map units.
import { branchesOf } from '../../settings/methods';
import { readStoredMap } from '../keeping/storedMaps';
import { methodInUse, selectedImage } from '../shell/selectors';
import { useApp } from '../shell/store';
import { printed } from '../controls/format';
import { useStoredVisible } from './useStoredVisible';
import { t } from '../languages/texts';

export function Readout() {
  const reading = useApp((state) => state.view.reading);
  const image = useApp(selectedImage);
  const branches = branchesOf(useApp(methodInUse));
  const stored = useStoredVisible();
  if (!reading || !image)
    return <p className="readout small muted">{t('Point at the image to read its scores.')}</p>;
  const fused = stored ? readStoredMap(image.id, reading) : reading.fused;
  return (
    <dl className="readout" data-testid="readout">
      <Value name="x" text={pixel(reading.x, image.width)} />
      <Value name="y" text={pixel(reading.y, image.height)} />
      <Value name={t('fused')} text={number(fused)} strong />
      {branches.normal && <Value name={t('normal')} text={number(reading.normal)} />}
      {branches.abnormal && <Value name={t('abnormal')} text={number(reading.abnormal)} />}
    </dl>
  );
}

const pixel = (fraction: number, size: number) =>
  size > 0 ? String(Math.floor(fraction * size)) : `${Math.floor(fraction * 100)} %`;
const number = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : printed(value);

function Value({ name, text, strong = false }: { name: string; text: string; strong?: boolean }) {
  return (
    <div className={strong ? 'strong' : ''}>
      <dt className="small muted">{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
