// A button that shows only an icon; its name is spoken and appears as a tooltip.
import type { ButtonHTMLAttributes } from 'react';
import { useLocked } from '../lesson/Lock';
import { Icon, type IconName } from './Icon';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  label: string;
  /** The key that does the same. */
  shortcut?: string;
  /** Without a border, for places that hold many. */
  quiet?: boolean;
}

export function IconButton({
  icon,
  label,
  shortcut,
  quiet = true,
  className = '',
  disabled,
  ...rest
}: Props) {
  const locked = useLocked();
  const style = `button icon-only ${quiet ? 'quiet' : ''} ${className}`;
  return (
    <button
      type="button"
      className={style}
      aria-label={label}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-keyshortcuts={shortcut}
      disabled={disabled || locked}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
