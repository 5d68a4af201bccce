/** Set for the extension's own process, and wrong or secret in another. */
const NOT_PASSED_ON = /^(NODE_OPTIONS|NODE_CHANNEL_|VSCODE_|ELECTRON_|CLAUDE_PROJECTS_)/i;

/** The environment of the editor without what was meant for it alone: a debugger to attach to, keys, modes. */
export function inheritedEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const inherited: Record<string, string> = { NODE_NO_WARNINGS: '1' };
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && !NOT_PASSED_ON.test(name)) inherited[name] = value;
  }
  return inherited;
}
