// What the abnormal grid does, by figures that were measured, and how to measure it on the images at hand. Loaded with the
// first look. Figures and the commands that repeat them: docs/research.md.
import { choose } from './compareView';
import { isComparing } from './events';
import { useApp } from '../shell/store';
import { BRANCHES, VARIANTS } from './abnormalGridFigures';
import { rich } from '../languages/rich';
import { t } from '../languages/texts';

export default function AbnormalGridPanel() {
  const busy = useApp(isComparing);
  return (
    <section className="abnormal-grid" aria-label={t('What does the abnormal grid do?')}>
      <p>
        {t(
          'GRAD has two grids, and two decoders. If it does better than a normal grid alone, is it because of what stage 1 taught the abnormal grid, or because there is twice as much of everything? Two controls tell: the same training without stage 1, and with stage 1 told the wrong places (shuffled masks). “It helps” needs GRAD ahead of both.',
        )}
      </p>
      <button
        type="button"
        className="button"
        disabled={busy}
        onClick={() => choose({ methods: ['grad', 'normal-grid', 'abnormal-grid'], sweeps: ['controls'] })}
      >
        {t('Choose GRAD, its grids and the controls for these images')}
      </button>
      {[VARIANTS, BRANCHES].map(({ caption, columns, rows }) => (
        <table key={caption} className="compare-table">
          <caption className="small muted">{t(caption)}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{t(name!)}</th>
                {cells.map((cell, i) => (
                  <td key={columns[i + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      <ul className="small">
        <li>
          {t(
            'Stage 1 supervises one channel of many. Stage 2 then trains the abnormal decoder on clean images, and it forgets: red in its map means “pasted” only where the whole branch is frozen (setting: Frozen in stage 2).',
          )}
        </li>
        <li>
          {t(
            'The paper’s block shifts all channels alike, 16 to 32 sigma: easy to tell, and unlike a defect. Other directions are a setting.',
          )}
        </li>
        <li>
          {rich(
            'Where real defects with masks teach stage 1, a frozen branch does know something. Equation 2 cannot use it; added to the map it is heard, which is what <em>automatic</em> does then.',
            { em: (inside) => <em>{inside}</em> },
          )}
        </li>
      </ul>
    </section>
  );
}
