import { setImmediate } from 'node:timers/promises';
import type { ConsistencyFinding } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { Log } from '../logging/log.ts';
import type { FindingKind, Suspect } from '../storage/consistency.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { findingOf } from './findings.ts';
import { mend } from './repairs.ts';

const KINDS: readonly FindingKind[] = [
  'place_held_twice',
  'active_sessions_disagree',
  'current_task_missing',
  'successor_missing',
  'task_without_session',
  'session_counts_disagree',
];
const BATCH = 500;
/** Kept for the statistics: a hundred in all, and no kind hides another. */
const KEPT_OF_A_KIND = 20;
/** What damaged one record may have damaged a hundred thousand, and nobody reads as many lines. */
const LOGGED_OF_A_KIND = 100;

export interface CheckedFinding {
  finding: ConsistencyFinding;
  mended: boolean;
}

export interface CheckOptions {
  repair?: boolean;
  /** Told of each finding as it is made. */
  onFinding?: (found: CheckedFinding) => void;
}

/**
 * Holds the records against each other. It walks along in batches, and looks at each suspect once more in a
 * transaction of its own, in which it is also mended: live traffic is neither held up nor mistaken for damage.
 */
@Injectable()
export class ConsistencyService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** How many findings there were, and how many of them remain; the first that remain are kept. */
  async check({ repair = false, onFinding }: CheckOptions = {}): Promise<{ found: number; remaining: number }> {
    const kept: ConsistencyFinding[] = [];
    let found = 0;
    let remaining = 0;
    for (const kind of KINDS) {
      let foundOfKind = 0;
      let remainingOfKind = 0;
      for await (const suspect of this.suspects(kind)) {
        const checked = await this.examine(suspect, repair);
        await setImmediate();
        if (!checked) continue;
        foundOfKind++;
        if (foundOfKind <= LOGGED_OF_A_KIND) {
          this.log.warn(checked.mended ? 'Inconsistency mended' : 'Inconsistency found', { ...checked.finding });
        }
        onFinding?.(checked);
        if (checked.mended) continue;
        if (remainingOfKind < KEPT_OF_A_KIND) kept.push(checked.finding);
        remainingOfKind++;
      }
      if (foundOfKind > LOGGED_OF_A_KIND) {
        this.log.warn('More inconsistencies of a kind', { kind, count: foundOfKind - LOGGED_OF_A_KIND });
      }
      found += foundOfKind;
      remaining += remainingOfKind;
    }
    await this.storage.consistency.saveCheck({ checked_at: this.clock.now(), findings: kept });
    return { found, remaining };
  }

  private async *suspects(kind: FindingKind): AsyncGenerator<Suspect> {
    let after: string | null = null;
    do {
      const batch = await this.storage.consistency.suspects(kind, after, BATCH);
      // The embedded engine answers at once, and would keep everybody else waiting until the walk is over.
      await setImmediate();
      yield* batch.suspects;
      after = batch.next;
    } while (after !== null);
  }

  private async examine(suspect: Suspect, repair: boolean): Promise<CheckedFinding | null> {
    return this.storage.transaction(async (stores) => {
      const finding = await findingOf(stores, suspect);
      return finding && { finding, mended: repair && (await mend(stores, suspect, this.clock.now())) };
    });
  }
}
