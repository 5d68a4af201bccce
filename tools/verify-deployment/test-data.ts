/** Names what a run stores, so that all of it can be found again: also what a lost reply was about. */
export class TestData {
  readonly projectId: string;
  readonly #makeId: () => string;
  readonly #run: string;
  readonly #sessionIds = new Set<string>();
  readonly #machineIds = new Set<string>();

  constructor(makeId: () => string) {
    this.#makeId = makeId;
    this.#run = makeId();
    this.projectId = `verify-deployment-${this.#run}`;
  }

  get sessionIds(): readonly string[] {
    return [...this.#sessionIds];
  }

  get machineIds(): readonly string[] {
    return [...this.#machineIds];
  }

  /** For a session that is about to be created: known before it exists. */
  newSessionId(): string {
    return this.noteSession(this.#makeId());
  }

  /** One that the server named. */
  noteSession(sessionId: string): string {
    this.#sessionIds.add(sessionId);
    return sessionId;
  }

  newMachineId(what: string): string {
    const machineId = this.machineName(what);
    this.#machineIds.add(machineId);
    return machineId;
  }

  /** Of a machine that nobody registers: sessions may name any. */
  machineName(what: string): string {
    return `verify-${what}-${this.#run}`;
  }

  /** An id that names nothing. */
  unusedId(): string {
    return this.#makeId();
  }
}
