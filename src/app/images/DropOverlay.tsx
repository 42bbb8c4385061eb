// While files hang over the page: two large targets, training and test, and for a single file over an own image its mask.
// The page takes a drop anywhere.
import { useEffect, useState } from 'react';
import type { Side } from '../../engine/api/types';
import { addDropped, addFiles } from './own';
import { notify } from '../notices/actions';
import { selectedImage } from '../shell/selectors';
import { getState, useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { importMask } from '../mask/MaskRow';
import { msg, t } from '../languages/texts';

const TARGETS: readonly { split: Side; title: string; text: string }[] = [
  {
    split: 'train',
    title: msg('Normal images'),
    text: msg('to train on; whole sets, folders or zips, sort themselves'),
  },
  { split: 'test', title: msg('Images to test'), text: msg('good and bad ones') },
];

type Target = Side | 'mask';

const bringsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

export function DropOverlay() {
  const [over, setOver] = useState<Target | null>(null);
  const [single, setSingle] = useState(false);
  const image = useApp(selectedImage);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      setSingle(event.dataTransfer!.items.length === 1);
      setOver(targetOf(event));
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(null);
    };
    // A drag that ends elsewhere or by Escape does not always say so; whoever moves the pointer or types drags nothing.
    const onOther = () => setOver(null);
    const onDrop = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      const target = targetOf(event);
      setOver(null);
      void (target === 'mask' ? takeMask(event.dataTransfer!) : addDropped(event.dataTransfer!, target));
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    document.addEventListener('pointermove', onOther);
    document.addEventListener('keydown', onOther);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
      document.removeEventListener('pointermove', onOther);
      document.removeEventListener('keydown', onOther);
    };
  }, []);
  if (over === null) return null;
  return (
    <div className="drop-overlay">
      {TARGETS.map(({ split, title, text }) => (
        <div key={split} className={`drop-target ${split === over ? 'over' : ''}`} data-split={split}>
          <Icon name={split === 'train' ? 'check' : 'image'} />
          <strong>{t(title)}</strong>
          <span>{t(text)}</span>
        </div>
      ))}
      {image?.own && single && (
        <div className={`drop-target mask ${over === 'mask' ? 'over' : ''}`} data-drop-mask>
          <Icon name="outline" />
          <strong>{t('Mask of the image on screen')}</strong>
          <span>{t('white where the defect is')}</span>
        </div>
      )}
    </div>
  );
}

/** A photo that was dropped there is none: it joins the images to test, and that is said. */
async function takeMask({ files }: DataTransfer): Promise<void> {
  const dropped = Array.from(files);
  const image = selectedImage(getState());
  const [file] = dropped;
  const { mayBeMask } = await import('../mask/twoValued');
  if (image && file && dropped.length === 1 && (await mayBeMask(file, image)))
    return importMask(image.id, file);
  const message = t(
    '{name} is no mask of this image: a mask has its shape and two values. It was taken as an image to test.',
    { name: file?.name ?? t('What was dropped') },
  );
  notify({ tone: 'info', message });
  await addFiles(
    dropped.map((one) => ({ path: one.name, file: one })),
    'test',
  );
}

/** The mask's target, or test on a test target or the test side of the data panel, else training. */
function targetOf(event: DragEvent): Target {
  if (event.target instanceof Element && event.target.closest('[data-drop-mask]')) return 'mask';
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-split]') : null;
  return element?.dataset.split === 'test' ? 'test' : 'train';
}
