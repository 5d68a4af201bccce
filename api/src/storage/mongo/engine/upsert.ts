import { isDuplicateKey } from './mongo-errors.ts';

const ATTEMPTS = 5;

/**
 * Of upserts that meet on a key which is not there yet, all try to insert it and one does; the others are told of
 * a duplicate. Asked again, they find it. More than once only where it is deleted in between.
 */
export async function upserting<T>(upsert: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await upsert();
    } catch (error) {
      if (!isDuplicateKey(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
