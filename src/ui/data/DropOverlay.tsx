// While files hang over the page: two large targets, training and test. The page takes a drop anywhere.
import { useEffect, useState } from 'react';
import type { Split } from '../../engine/types';
import { addDropped } from '../../state/actions/own';
import { Icon } from '../controls/Icon';

const TARGETS: readonly { split: Split; title: string; text: string }[] = [
  {
    split: 'train',
    title: 'Normal images',
    text: 'to train on; whole sets, folders or zips, sort themselves',
  },
  { split: 'test', title: 'Images to test', text: 'good and bad ones' },
];

const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

export function DropOverlay() {
  const [over, setOver] = useState<Split | null>(null);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      setOver(targetOf(event));
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(null);
    };
    const onDrop = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      const split = targetOf(event);
      setOver(null);
      void addDropped(event.dataTransfer!, split);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  if (over === null) return null;
  return (
    <div className="drop-overlay">
      {TARGETS.map(({ split, title, text }) => (
        <div key={split} className={`drop-target ${split === over ? 'over' : ''}`} data-split={split}>
          <Icon name={split === 'train' ? 'check' : 'image'} />
          <strong>{title}</strong>
          <span>{text}</span>
        </div>
      ))}
    </div>
  );
}

/** Test when the pointer is on a test target or on the test side of the data panel, else training. */
function targetOf(event: DragEvent): Split {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-split]') : null;
  return element?.dataset.split === 'test' ? 'test' : 'train';
}
