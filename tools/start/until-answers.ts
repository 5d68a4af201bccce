import type { ChildProcess } from 'node:child_process';

const PATIENCE_MS = 30_000;

/** Waits until the address answers or the program that should have it has ended. */
export async function untilAnswers(url: string, program: ChildProcess): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (program.exitCode === null && program.signalCode === null) {
    if (await answers(url)) return;
    if (Date.now() > deadline) throw new Error(`Nothing answered at ${url} within ${PATIENCE_MS / 1000} s.`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
