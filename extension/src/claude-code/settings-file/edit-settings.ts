// What needs the parser of JSON with comments. A bundle of its own, loaded when a command needs it: most windows never do.
export { commandsIn, hasHooks, withHooks, withoutHooks } from './hooks-in-settings.ts';
export { findForbidden } from './managed-policy.ts';
