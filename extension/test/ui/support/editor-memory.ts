import type { Page } from 'playwright-core';

/**
 * Whether the editor has written to its own memory, which in a browser is a database, what an extension told it to
 * remember. It does so a moment later, and a reload within that moment is one that nobody remembers.
 */
export function remembers(page: Page, what: string): Promise<boolean> {
  return page.evaluate<boolean>(`(async () => {
    const settled = (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      try {
        for (const store of database.objectStoreNames) {
          const values = await settled(database.transaction(store).objectStore(store).getAll());
          if (JSON.stringify(values).includes(${JSON.stringify(JSON.stringify(what).slice(1, -1))})) return true;
        }
      } finally {
        database.close();
      }
    }
    return false;
  })()`);
}
