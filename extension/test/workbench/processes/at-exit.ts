// What must not outlive the run: processes and folders are given back even if it ends by Ctrl+C or by an error.
const duties = new Set<() => void>();
let watching = false;

/** Does `duty` when this process ends, unless what is returned was called before. */
export function atExit(duty: () => void): () => void {
  watch();
  duties.add(duty);
  return () => duties.delete(duty);
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    // The youngest first: a folder goes after the processes that use it.
    for (const duty of [...duties].toReversed()) duty();
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGHUP', () => process.exit(129));
  process.once('SIGTERM', () => process.exit(143));
}
