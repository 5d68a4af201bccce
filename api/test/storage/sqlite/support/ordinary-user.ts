const NOBODY = 65_534;

/** Not on Windows, whose permissions are of another kind. */
export const canChangeUser = process.seteuid !== undefined;

/** Permissions mean nothing to root, as whom containers often run their tests; so this stops being root. */
export function asOrdinaryUser(work: () => void): void {
  const { geteuid, seteuid } = process;
  if (!geteuid || !seteuid) throw new Error('this system has no user ids');
  const self = geteuid.call(process);
  if (self === 0) seteuid.call(process, NOBODY);
  try {
    work();
  } finally {
    if (self === 0) seteuid.call(process, self);
  }
}
