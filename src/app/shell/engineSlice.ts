// What the page knows of the engine: whether it runs, on what, and what it is busy with.
import type { AdapterReport, FeatureReport, MemoryReport } from '../../engine/api/types';
import type { ErrorReport } from '../../lib/errors';

export interface EngineSlice {
  /** `idle` until the first paint; `unavailable` when it could not open; `lost` when it will not come back by itself. */
  status: 'idle' | 'opening' | 'ready' | 'unavailable' | 'lost';
  adapter: AdapterReport | null;
  /** Why it is unavailable or lost. */
  error: ErrorReport | null;
  /** It has not answered for a while: busy, or stuck. */
  silent: boolean;
  /** What it is doing right now, in words; null when idle. */
  phase: string | null;
  features: FeatureReport | null;
  /** Images whose features are being computed; null when all are there. */
  extracting: { done: number; total: number } | null;
  memory: MemoryReport | null;
  /** Counts overlay canvases: a canvas can be handed over once, so each new engine needs a new one. */
  generation: number;
}

export const initialEngine = (): EngineSlice => ({
  status: 'idle',
  adapter: null,
  error: null,
  silent: false,
  phase: null,
  features: null,
  extracting: null,
  memory: null,
  generation: 0,
});
