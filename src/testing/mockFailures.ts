// Failures the fake engine can be asked to play, by name: what the interface says then can be looked at.
import type { EngineEvent } from '../engine/api/types';
import { AdapterMissing, LimitsTooLow, WebGpuMissing } from '../lib/gpu/errors';

/** Throws at opening for `nogpu`, `noadapter` and `limits`. */
export function failToOpen(variant: string): void {
  if (variant === 'nogpu') throw new WebGpuMissing();
  if (variant === 'noadapter') throw new AdapterMissing();
  if (variant === 'limits') {
    throw new LimitsTooLow([{ limit: 'maxStorageBufferBindingSize', needed: 134217728, present: 33554432 }]);
  }
}

const LATER: Record<string, EngineEvent> = {
  lost: { kind: 'lost', reason: 'the driver was reset', recovered: false, recent: 1 },
  recovered: { kind: 'lost', reason: 'the driver was reset', recovered: true, recent: 1 },
  fault: {
    kind: 'fault',
    error: {
      name: 'GpuFault',
      message: 'Validation error: binding 2 is too small.',
      remedy: 'Reload and try again with a smaller image size or batch.',
    },
  },
};

/** What goes wrong a little after opening, for `lost`, `recovered` and `fault`. */
export const laterFailure = (variant: string): EngineEvent | undefined => LATER[variant];
