import { Emitter } from '../../../src/platform/emitter.ts';
import type { SecretStore } from '../../../src/settings/api-keys.ts';

export class FakeSecrets implements SecretStore {
  readonly values = new Map<string, string>();
  readonly changed = new Emitter<{ readonly key: string }>((error) => {
    throw error;
  });
  readonly onDidChange = this.changed.event;

  async get(name: string): Promise<string | undefined> {
    return this.values.get(name);
  }

  async store(name: string, value: string): Promise<void> {
    this.values.set(name, value);
  }

  async delete(name: string): Promise<void> {
    this.values.delete(name);
  }
}
