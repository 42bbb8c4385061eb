// A button that opens the browser's file dialog. The input itself stays out of sight and out of the tab order.
import { useRef, type ReactNode } from 'react';
import { chosenFiles, type DroppedFile } from '../images/dropped';
import { useLocked } from '../lesson/Lock';
import { Icon, type IconName } from './Icon';

interface Props {
  /** Accessible name and tooltip. */
  label: string;
  icon: IconName;
  accept?: string;
  multiple?: boolean;
  /** Chooses a whole folder. */
  folder?: boolean;
  quiet?: boolean;
  disabled?: boolean;
  onFiles: (files: DroppedFile[]) => void;
  children?: ReactNode;
}

export function FileButton({
  label,
  icon,
  accept,
  multiple,
  folder,
  quiet,
  disabled,
  onFiles,
  children,
}: Props) {
  const locked = useLocked();
  const input = useRef<HTMLInputElement>(null);
  const take = (element: HTMLInputElement) => {
    const files = chosenFiles(element.files!);
    // The same file may be chosen twice in a row.
    element.value = '';
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <button
        type="button"
        className={`button ${quiet ? 'quiet' : ''} ${children ? '' : 'icon-only'}`}
        aria-label={label}
        title={label}
        disabled={disabled || locked}
        onClick={() => input.current!.click()}
      >
        <Icon name={icon} />
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        {...(folder && { webkitdirectory: '' })}
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  );
}
