// On or off, effective at once.
import type { ReactNode } from 'react';
import { useLocked } from '../lesson/Lock';

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Accessible name, where the words stand elsewhere. */
  label?: string;
  children?: ReactNode;
  disabled?: boolean;
}

export function Switch({ checked, onChange, label, children, disabled = false }: Props) {
  const locked = useLocked();
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        aria-label={label}
        checked={checked}
        disabled={disabled || locked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children && <span>{children}</span>}
    </label>
  );
}
