// The Git extension copies files through a native module that would have to be compiled here; Node copies as well.
export { constants, copyFileSync } from 'node:fs';
export { copyFile, cp } from 'node:fs/promises';

export const isCloneSupported = () => false;
