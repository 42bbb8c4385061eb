// The inner size of an element in CSS pixels, zero before it is laid out.
import { useCallback, useState } from 'react';

export interface Size {
  width: number;
  height: number;
}

/** Returns a ref callback for the element and its size. */
export function useElementSize<T extends Element>(): [(node: T | null) => (() => void) | undefined, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const ref = useCallback((node: T | null) => {
    if (!node) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width, height });
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
