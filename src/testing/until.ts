// Waiting in tests.

/** Resolves when the condition holds; what is under way goes on meanwhile. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
