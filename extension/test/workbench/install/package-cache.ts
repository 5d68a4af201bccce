// `pnpm start` opens the same editor, so that the installing is shared.
export { installedPackages, type PackageSet } from '../../../../tools/editor/package-cache.ts';
