import type { Plugin } from 'rolldown';
import { absentPackages } from './absent-packages.ts';
import { leanerPackages } from './leaner-packages.ts';
import { onDemand } from './on-demand.ts';
import { ownBuiltins } from './own-builtins.ts';
import { plainPasswords } from './plain-passwords.ts';
import { plainStrings } from './plain-strings.ts';
import { replacedModules } from './replaced-modules.ts';
import { smallChanges } from './small-changes.ts';

/**
 * Leaves out of a function's bundle what costs every cold start and does nothing there. docs/benchmarks.md says what
 * each part is worth.
 */
export const lightStart = (): Plugin[] => [
  absentPackages(),
  replacedModules(),
  leanerPackages(),
  plainPasswords(),
  smallChanges(),
  onDemand(),
  ownBuiltins(),
  plainStrings(),
];
