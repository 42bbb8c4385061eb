// A dotted name that opens two sentences and the paper's formula: by click, by resting on it, or by ? on the control it
// names. The popover is made when the name is first approached, the words load when it first opens: there are many names,
// and few are asked.
import { lazy, Suspense, useEffect, useId, useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { placeBeside } from './place';
import type { Topic } from './topics';
import { t } from '../languages/texts';

const HelpText = lazy(() => import('./HelpText'));

interface Props {
  topic: Topic;
  title: string;
  /** The paper's symbol, behind the name. */
  symbol?: string;
  /** Names a control, which has a tab stop of its own: there ? opens the words. */
  ofControl?: boolean;
  /** The name that is explained; a question mark when there is none. */
  children?: ReactNode;
}

/** A pointer that rests this long on a name wants to know. */
const REST_MS = 600;

export function HelpTip({ topic, title, symbol, ofControl = false, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [approached, setApproached] = useState(false);
  const [open, setOpen] = useState(false);
  const bubble = useRef<HTMLDivElement>(null);
  const resting = useRest(button, bubble);
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
        className={`term ${children ? 'named' : ''}`}
        {...(approached && { popoverTarget: id })}
        {...(children ? { 'aria-haspopup': 'dialog' } : { 'aria-label': t('What is {title}?', { title }) })}
        {...(ofControl && { tabIndex: -1 })}
        onPointerEnter={(event) => {
          setApproached(true);
          resting.enter(event);
        }}
        onPointerLeave={resting.leave}
        onClick={resting.click}
        onFocus={() => setApproached(true)}
      >
        {children}
        {short ? (
          <span className="symbol">
            <Symbol text={symbol} />
          </span>
        ) : (
          !children && '?'
        )}
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
              else resting.closed();
            }}
          >
            {open && (
              <Suspense fallback={<p className="muted">{t('Loading the explanation')}</p>}>
                <HelpText topic={topic} onReady={(node) => placeBeside(node, button.current!)} />
              </Suspense>
            )}
          </div>,
          document.body,
        )}
    </>
  );
}

/** Opens the bubble under a mouse that rests on the name, and closes it with its leaving, unless a click holds it. */
function useRest(button: { current: HTMLButtonElement | null }, bubble: { current: HTMLDivElement | null }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const rested = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    enter: ({ pointerType }: PointerEvent) => {
      // In a menu that is itself a popover the words would close it.
      if (pointerType !== 'mouse' || button.current!.closest('[popover]')) return;
      timer.current = setTimeout(() => {
        if (!bubble.current || bubble.current.matches(':popover-open')) return;
        rested.current = true;
        bubble.current.showPopover();
      }, REST_MS);
    },
    leave: () => {
      clearTimeout(timer.current);
      if (rested.current) bubble.current?.hidePopover();
    },
    click: (event: { preventDefault: () => void }) => {
      clearTimeout(timer.current);
      // Already open: the click keeps it so.
      if (rested.current) event.preventDefault();
      rested.current = false;
    },
    closed: () => (rested.current = false),
  };
}

/** Opens the words on the control that has the focus; false where there are none. */
export function explainFocused(): boolean {
  const focused = document.activeElement;
  const term = focused
    ?.closest('.param, .field, .panel-head, .row, [role=toolbar]')
    ?.querySelector<HTMLElement>('button.term.named');
  if (!term || term === focused) return false;
  term.focus();
  // The name has been approached with the next frame.
  requestAnimationFrame(() => term.click());
  return true;
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
