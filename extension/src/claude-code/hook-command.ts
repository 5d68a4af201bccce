/** In the extension's global storage. Our hooks are recognised by it, also those of another version or editor. */
export const hookFolderName = 'claude-projects-hook';

const OURS = /claude-projects-hook[\\/]hook\.(?:sh|cmd|js)\b/;

/** What Claude Code runs as a command. */
export function isOurs(command: unknown): boolean {
  return typeof command === 'string' && OURS.test(command);
}

/**
 * Through `sh`, as the storage may be on a disk that nothing can be run from. `$PPID` is Claude Code, to its shell. A
 * launcher that is gone, as after the extension was removed, must not disturb anybody either.
 */
export function hookCommand(launcher: string, platform: NodeJS.Platform): string {
  // In forward slashes: both Git's shell, which Claude Code uses on Windows, and the system's own take them in quotes.
  if (platform === 'win32') return `"${launcher.replaceAll('\\', '/')}"`;
  return `sh ${quoted(launcher)} "$PPID" 2>/dev/null || true`;
}

/** For a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What is asked for: starts and ends, questions, tasks, and that work goes on after an answer. */
export const HOOK_EVENTS = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PostToolUse',
  'Notification',
  'Stop',
  'StopFailure',
  'TaskCreated',
  'TaskCompleted',
  'SubagentStart',
  'SubagentStop',
] as const;

/** Of Claude Code's patience with one hook. */
export const HOOK_TIMEOUT_SECONDS = 5;
