// Reads a file that ships with the program from the page's own origin. The command line brings its own reader.
import { BundleUnreadable } from '../api/errors';

/** @param path relative to the program's base @throws BundleUnreadable */
export async function fetchBundled(path: string, baseUrl: string | undefined): Promise<ArrayBuffer> {
  const response = await fetch(new URL(path, baseUrl)).catch((error: unknown) => {
    throw new BundleUnreadable(path, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw new BundleUnreadable(path, `status ${response.status}`);
  return response.arrayBuffer();
}
