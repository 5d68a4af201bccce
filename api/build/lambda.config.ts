import { defineConfig } from 'rolldown';
import { functionBuild } from './function-builds.ts';

export default defineConfig([
  functionBuild('lambda', 'dist'),
  functionBuild('detect-failures', 'dist'),
  functionBuild('cleanup', 'dist'),
]);
