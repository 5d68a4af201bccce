/** The URL of a remote in the text of a git configuration; with several, git's own choice: the last. */
export function remoteUrl(config: string, remote: string): string | undefined {
  let inside = false;
  let url: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (section) {
      inside = section[1]?.toLowerCase() === 'remote' && section[2] === remote;
      continue;
    }
    const value = inside ? /^\s*url\s*=\s*(.*)$/i.exec(line)?.[1] : undefined;
    if (value !== undefined) url = plainValue(value) || url;
  }
  return url;
}

/** Without a comment, and without the quotes that keep one from being one. */
function plainValue(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value);
  if (quoted) return (quoted[1] ?? '').replace(/\\(.)/g, '$1');
  return value.replace(/\s[#;].*$/, '').trim();
}
