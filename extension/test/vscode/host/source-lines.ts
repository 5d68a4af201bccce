import { findSourceMap } from 'node:module';

/** The stack with the lines of the sources. The editor formats stacks itself, which takes this away from Node. */
export function withSourceLines(stack: string): string {
  return stack.replaceAll(/([^\s()]+\.cjs):(\d+):(\d+)/g, (place, file: string, line: string, column: string) => {
    const found = findSourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!found || !('originalSource' in found)) return place;
    return `${found.originalSource.replace(/^file:\/\//, '')}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}
