// On or off, effective at once.
import type { ReactNode } from 'react';
import { useLocked } from '../lesson/Lock';

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  disabled?: boolean;
}

export function Switch({ checked, onChange, children, disabled = false }: Props) {
  const locked = useLocked();
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled || locked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
