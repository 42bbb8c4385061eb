// The canvas the engine paints on, straight from the GPU. Its content belongs to one image; for any other it stays
// hidden until the engine has answered, so that no map ever lies over the wrong picture.
import { useEffect, useRef } from 'react';
import { liveOnScreen } from '../shell/selectors';
import { attachCanvas } from '../shell/startEngine';
import { useApp } from '../shell/store';

/** Side of the canvas in pixels; software adapters pay for every one. */
const RESOLUTION = { software: 512, hardware: 1024 };

export function LiveOverlay() {
  const generation = useApp((state) => state.engine.generation);
  const software = useApp((state) => state.engine.adapter?.software ?? true);
  const visible = useApp(liveOnScreen);
  if (generation === 0) return null;
  return (
    <OverlayCanvas
      key={generation}
      resolution={software ? RESOLUTION.software : RESOLUTION.hardware}
      visible={visible}
    />
  );
}

function OverlayCanvas({ resolution, visible }: { resolution: number; visible: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const attached = useRef(false);
  useEffect(() => {
    // A canvas can be handed over once; development runs effects twice.
    if (attached.current) return;
    attached.current = true;
    void attachCanvas(canvas.current!);
  }, []);
  return (
    <canvas
      ref={canvas}
      className="overlay"
      width={resolution}
      height={resolution}
      hidden={!visible}
      data-testid="live-overlay"
      aria-hidden="true"
    />
  );
}
