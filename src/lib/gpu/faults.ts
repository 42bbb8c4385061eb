// The sink of GPU errors. WebGPU reports a mistake long after the call that made it and hands back zeros in the
// meantime, so nothing throws by itself: whoever reads results asks this sink first. Any entry fails the run.
// It knows nothing of tfjs.
import type { RemedyError } from '../errors';
import { DeviceLost, GpuFault } from './errors';

type Listener = (fault: RemedyError) => void;

export class Faults {
  private readonly entries: RemedyError[] = [];
  private readonly listeners = new Set<Listener>();

  private readonly watched = new WeakSet<GPUDevice>();

  /**
   * Collects the device's uncaptured errors and its loss (unless we destroyed it ourselves); a second call for the same
   * device changes nothing. @param aloud leaves them to the console as well: for a device of somebody who may never ask
   */
  watch(device: GPUDevice, { aloud = false } = {}): void {
    if (this.watched.has(device)) return;
    this.watched.add(device);
    device.addEventListener('uncapturederror', (event) => {
      if (!aloud) event.preventDefault();
      this.report(new GpuFault(`The GPU reported an error: ${event.error.message}`));
    });
    void device.lost.then((info) => {
      if (info.reason !== 'destroyed') this.report(new DeviceLost(info.message));
    });
  }

  report(fault: RemedyError): void {
    this.entries.push(fault);
    for (const listener of this.listeners) listener(fault);
  }

  /** Throws if anything was reported since the last look, and forgets it. */
  check(): void {
    const entries = this.drain();
    if (entries.length === 0) return;
    // A lost device drags other errors along; the loss is what to act on.
    const lost = entries.find((entry) => entry instanceof DeviceLost);
    if (lost) throw lost;
    throw new GpuFault(entries.map((entry) => entry.message).join('\n'), { cause: entries[0] });
  }

  /** Everything reported since the last look; the sink is empty afterwards. */
  drain(): RemedyError[] {
    return this.entries.splice(0);
  }

  /** Hears of each fault as it arrives; returns the function that stops listening. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

/** One sink for the program: an error of any device spoils the run that is going on. */
export const faults = new Faults();
