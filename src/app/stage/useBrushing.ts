// Whether the pointer draws on the image: the block is pasted, its shape is the free brush, and maps are live.
import { useApp } from '../shell/store';

export const useBrushing = (): boolean =>
  useApp(({ params, engine }) => params.fbpOn && params.fbpShape === 'brush' && engine.features !== null);
