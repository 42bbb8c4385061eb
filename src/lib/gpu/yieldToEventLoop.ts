// Lets everything else that waits run: messages of a worker, timers, input. A timer would do, but browsers stretch
// nested timers to 4 ms, which is as long as a whole step on a fast GPU.

/** Resolves in a later task of the event loop. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
