// What can be taken away of a comparison, as a menu below its button.
import { useId, useRef } from 'react';
import { complain } from '../notices/actions';
import { placeBeside } from '../help/place';
import type { ExportKind } from './exports';
import { useApp } from '../shell/store';
import { msg, t } from '../languages/texts';

const KINDS: readonly { kind: ExportKind; label: string }[] = [
  { kind: 'report', label: msg('Report to read and print (HTML)') },
  { kind: 'scores', label: msg('Scores of all images (CSV)') },
  { kind: 'csv', label: msg('Table with intervals (CSV)') },
  { kind: 'json', label: msg('Table (JSON)') },
  { kind: 'latex', label: msg('Table (LaTeX)') },
  { kind: 'tableSvg', label: msg('Table (SVG)') },
  { kind: 'curves', label: msg('Curves (SVG)') },
  { kind: 'maps', label: msg('Maps side by side (PNG)') },
];

export function ExportMenu() {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const some = useHasRuns();
  const take = (kind: ExportKind) => {
    menu.current!.hidePopover();
    import('./exports').then(({ exportComparison }) => exportComparison(kind)).catch(complain);
  };
  return (
    <>
      <button ref={button} type="button" className="button" popoverTarget={id} disabled={!some}>
        {t('Export')}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        className="popover export-menu"
        role="group"
        aria-label={t('Export')}
        onToggle={(event) => {
          if (event.newState === 'open') placeBeside(event.currentTarget, button.current!);
        }}
      >
        {KINDS.map(({ kind, label }) => (
          <button key={kind} type="button" className="button quiet" onClick={() => take(kind)}>
            {t(label)}
          </button>
        ))}
      </div>
    </>
  );
}

/** Whether a comparison has anything to show yet. */
const useHasRuns = (): boolean => useApp((state) => state.compare.runs.some(({ table }) => table !== null));
