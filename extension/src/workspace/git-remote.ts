/**
 * `owner/name` of a git remote, in whichever way it is written; deeper paths are kept whole. Undefined where it names
 * no host: the path of a folder on this machine says nothing to others. Credentials in it are left out.
 */
export function projectOfRemote(remote: string): string | undefined {
  const path = pathOfUrl(remote.trim()) ?? pathOfScpForm(remote.trim());
  const segments = path
    ?.replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .split('/')
    .filter((segment) => segment !== '');
  return segments === undefined || segments.length === 0 ? undefined : segments.join('/');
}

const WITH_A_HOST = new Set(['http:', 'https:', 'ssh:', 'git:', 'git+ssh:', 'git+https:']);

function pathOfUrl(remote: string): string | undefined {
  if (!/^[a-z+]+:\/\//i.test(remote) || !URL.canParse(remote)) return undefined;
  const url = new URL(remote);
  return WITH_A_HOST.has(url.protocol) && url.hostname !== '' ? decoded(url.pathname) : undefined;
}

/** As in `git@example.com:owner/name.git`. One letter before the colon is a drive of Windows, as git sees it too. */
function pathOfScpForm(remote: string): string | undefined {
  const [, path] = /^(?:[^/\\@\s]+@)?(?:[^/\\:@\s]{2,}|\[[0-9a-f:]+\]):(?!\/\/)(.+)$/i.exec(remote) ?? [];
  return path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
