/** How the words of a command line are quoted. Named as VS Code names the shells of its terminals. */
type Quoting = 'posix' | 'fish' | 'pwsh' | 'cmd';

const QUOTINGS: Readonly<Record<string, Quoting>> = {
  bash: 'posix',
  dash: 'posix',
  gitbash: 'posix',
  ksh: 'posix',
  sh: 'posix',
  zsh: 'posix',
  fish: 'fish',
  powershell: 'pwsh',
  pwsh: 'pwsh',
  cmd: 'cmd',
};

/**
 * A word with the value of an environment variable. The shell inserts the value after it has read the command line, so
 * nothing in the value can become a command. Undefined for a shell that works in another way, as cmd does.
 */
export function variableWord(shell: string | undefined, name: string): string | undefined {
  const quoting = quotingOf(shell);
  if (quoting === undefined || quoting === 'cmd') return undefined;
  return quoting === 'pwsh' ? `"$env:${name}"` : `"$${name}"`;
}

/** A command line for a person to paste. The program's words need no quotes. */
export function commandInFolder(shell: string, folder: string, words: readonly string[]): string {
  const command = words.join(' ');
  // A line break or an escape in the name of a folder would act as a key when it is pasted.
  if (/\p{Cc}/u.test(folder)) return command;
  const quoting = quotingOf(shell);
  switch (quoting) {
    case 'cmd':
      return `cd /d "${folder}" && ${command}`;
    case 'pwsh':
      // These all count as single quotes there, and `&&` is unknown to the version that Windows brings.
      return `cd '${folder.replaceAll(/['‘’‚‛]/g, '$&$&')}'; ${command}`;
    case 'fish':
      return `cd '${folder.replaceAll(/['\\]/g, String.raw`\$&`)}' && ${command}`;
    case 'posix':
    case undefined:
      return `cd ${quoted(folder)} && ${command}`;
    default:
      return quoting satisfies never;
  }
}

/** Of the name of a shell, or of its path. */
function quotingOf(shell = ''): Quoting | undefined {
  const name = shell
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, '');
  return QUOTINGS[name?.toLowerCase() ?? ''];
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
