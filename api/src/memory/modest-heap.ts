import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from taking more memory than the API needs; to be called when it listens, so with what starting took. Set
 * from inside, because then it holds however the server was started. docs/benchmarks.md has the figures.
 */
export function keepHeapModest(): void {
  // The young generation keeps the size it has. Under load it would grow to 64 MiB and more, for nothing: what a
  // request leaves behind is dead by the next collection, however soon that comes.
  setFlagsFromString('--semi-space-growth-factor=1');
  // In some runs, and not in others, V8 moved all that each request made to its old generation, where it piled up to
  // 100 MB until the next full collection. Without pretenuring it never did.
  setFlagsFromString('--no-allocation-site-pretenuring');
}
