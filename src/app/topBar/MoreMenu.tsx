// The narrow top bar's menu: a native popover below its button.
import { useId, useRef, type ReactNode } from 'react';
import { Icon } from '../controls/Icon';
import { placeBeside } from '../help/place';

export function MoreMenu({ children }: { children: ReactNode }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button quiet icon-only"
        popoverTarget={id}
        aria-label="Settings, share, help"
        title="Settings, share, help"
      >
        <Icon name="more" />
      </button>
      <div
        id={id}
        popover="auto"
        className="popover more-menu"
        onToggle={(event) => {
          if (event.newState === 'open') placeBeside(event.currentTarget, button.current!);
        }}
      >
        {children}
      </div>
    </>
  );
}
