// A dialog that is modal for as long as it is mounted.
import { useEffect, useRef, type RefObject } from 'react';

/** @returns the ref for the `<dialog>`; what else happens at opening goes into an effect after this call */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // Strict mode runs effects twice, and opening an open dialog throws.
    if (!dialog.current!.open) dialog.current!.showModal();
  }, []);
  return dialog;
}
