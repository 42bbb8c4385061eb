// The page as it is while its engine has not found its adapter yet: all that needs no GPU works, and the seconds in
// which a software adapter starts are saved. What does need the engine is tested by the *.gpu.spec.ts.
import { test as base, type BrowserContext } from '@playwright/test';

/** In pages opened from now on the engine never opens; what it is asked to let go of, it does. */
export async function letEngineSleep(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    class SleepingWorker {
      onmessage: ((event: { data: unknown }) => void) | null = null;
      postMessage({ id, call }: { id: number; call: string }): void {
        if (call !== 'open') queueMicrotask(() => this.onmessage?.({ data: { id, ok: true } }));
      }
      terminate(): void {}
    }
    window.Worker = SleepingWorker as unknown as typeof Worker;
  });
}

export const test = base.extend({
  context: async ({ context }, give) => {
    await letEngineSleep(context);
    await give(context);
  },
});
