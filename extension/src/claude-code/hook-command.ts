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
export function hookCommand(launcher: string, platform: NodeJS.Platform, event: HookEvent): string {
  const file = launcherInCommands(launcher, platform);
  return platform === 'win32' ? `${file} ${event}` : `sh ${file} "$PPID" ${event} 2>/dev/null || true`;
}

/** As every version of the extension has written it. */
export function launcherInCommands(launcher: string, platform: NodeJS.Platform): string {
  // In forward slashes: both Git's shell, which Claude Code uses on Windows, and the system's own take them in quotes.
  if (platform === 'win32') return `"${launcher.replaceAll('\\', '/')}"`;
  return `'${launcher.replaceAll("'", String.raw`'\''`)}'`;
}

/** What is asked for: starts and ends, work, questions and their answers, tasks and agents. */
export const HOOK_EVENTS = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PermissionRequest',
  'PostToolUse',
  'PostToolUseFailure',
  'Notification',
  'Elicitation',
  'ElicitationResult',
  'PreCompact',
  'PostCompact',
  'Stop',
  'StopFailure',
  'TaskCreated',
  'TaskCompleted',
  'SubagentStart',
  'SubagentStop',
] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** Of Claude Code's patience with one hook. */
export const HOOK_TIMEOUT_SECONDS = 5;
