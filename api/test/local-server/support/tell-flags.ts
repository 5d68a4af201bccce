// Imported before a program: says which flags it gives to V8, and gives them.
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';

const { setFlagsFromString } = v8;
v8.setFlagsFromString = (flags) => {
  // At once: the program may be killed a moment later.
  writeSync(2, `V8 was told ${flags}\n`);
  setFlagsFromString(flags);
};
syncBuiltinESMExports();
