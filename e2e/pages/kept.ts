// What the browser keeps of a visitor's work, as the browser itself sees it.
import { expect, type Page } from '@playwright/test';

/** A value in the page's store; undefined when it is not there. */
export const kept = (page: Page, key: string): Promise<{ dataset?: string } | undefined> =>
  page.evaluate(
    (wanted) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('grad-playground');
        opening.onerror = () => reject(opening.error!);
        opening.onsuccess = () => {
          const database = opening.result;
          if (!database.objectStoreNames.contains('kept')) return resolve(undefined);
          const asked = database.transaction('kept').objectStore('kept').get(wanted);
          asked.onsuccess = () => (
            database.close(),
            resolve(asked.result as { dataset?: string } | undefined)
          );
          asked.onerror = () => reject(asked.error!);
        };
      }),
    key,
  );

export const untilKept = (page: Page, key: string): Promise<void> =>
  expect.poll(async () => (await kept(page, key)) !== undefined, { timeout: 90_000 }).toBe(true);
