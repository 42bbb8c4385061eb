// The chip beside a name that opens two sentences and the paper's formula. The popover is made when the chip is
// first approached, the words load when it first opens: there are many chips, and few are asked.
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { placeBeside } from './place';
import type { Topic } from './topics';

const HelpText = lazy(() => import('./HelpText'));

interface Props {
  topic: Topic;
  title: string;
  /** The paper's symbol; a question mark when there is none. */
  symbol?: string;
}

export function HelpTip({ topic, title, symbol }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [approached, setApproached] = useState(false);
  const [open, setOpen] = useState(false);
  const bubble = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    // What it points at has moved away.
    const close = () => bubble.current?.hidePopover();
    window.addEventListener('resize', close);
    return () => window.removeEventListener('resize', close);
  }, [open]);
  // A symbol is short; longer terms are named inside.
  const short = symbol !== undefined && symbol.length <= 3;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`term ${short ? 'symbol' : ''}`}
        {...(approached && { popoverTarget: id })}
        aria-label={`What is ${title}?`}
        onPointerEnter={() => setApproached(true)}
        onFocus={() => setApproached(true)}
      >
        {short ? <Symbol text={symbol} /> : '?'}
      </button>
      {approached &&
        createPortal(
          <div
            ref={bubble}
            id={id}
            popover="auto"
            role="dialog"
            aria-label={title}
            className="popover"
            onToggle={(event) => {
              setOpen(event.newState === 'open');
              if (event.newState === 'open') placeBeside(event.currentTarget, button.current!);
            }}
          >
            {open && (
              <Suspense fallback={<p className="muted">Loading the explanation</p>}>
                <HelpText topic={topic} onReady={(node) => placeBeside(node, button.current!)} />
              </Suspense>
            )}
          </div>,
          document.body,
        )}
    </>
  );
}

/** `R_l` is written R with a low l. */
function Symbol({ text }: { text: string }) {
  const [base, index] = text.split('_');
  return (
    <>
      {base}
      {index && <sub>{index}</sub>}
    </>
  );
}
