import type { Plugin } from 'rolldown';
import { slashed } from './slashed.ts';

interface Change {
  readonly file: RegExp;
  readonly from: string;
  readonly to: string;
}

export const CHANGES: readonly Change[] = [
  {
    // NestJS's own loggers each load the tables of a language to write dates as people of some country do. The log is
    // not theirs, so that they are never asked.
    file: /\/@nestjs\/common\/services\/(console-)?logger\.service\.js$/,
    from: 'const dateTimeFormatter = new Intl.DateTimeFormat(',
    to:
      'class Formatter { constructor(...how) { this.how = how; } ' +
      'format(time) { return new Intl.DateTimeFormat(...this.how).format(time); } } ' +
      'const dateTimeFormatter = new Formatter(',
  },
  {
    // The router writes and compiles a function for each part of a path, which pays where it is called a million times.
    file: /\/find-my-way\/lib\/node\.js$/,
    from: 'const LONG_PREFIX_MIN_LENGTH = 16',
    to: 'const LONG_PREFIX_MIN_LENGTH = 2',
  },
  {
    // The driver looks once whether it runs in Docker. The promises of node:fs are a dozen modules of Node's.
    file: /\/mongodb\/lib\/utils\.js$/,
    from: 'await fs_1.promises.access(',
    to: 'fs_1.accessSync(',
  },
];

/** Changes single lines of packages that work at each start for what a function never asks of them. */
export function smallChanges(): Plugin {
  return {
    name: 'small-changes',
    transform(code, id) {
      const change = CHANGES.find(({ file }) => file.test(slashed(id)));
      if (!change) return null;
      if (!code.includes(change.from)) throw new Error(`${id} has changed: see to what a cold start costs`);
      // As many lines as before, so that the map still holds.
      return { code: code.replace(change.from, change.to), map: null };
    },
  };
}
