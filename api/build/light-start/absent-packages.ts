import type { Plugin } from 'rolldown';
import { slashed } from './slashed.ts';

const ABSENT =
  /\bimport\((["'])(@nestjs\/(microservices|websockets|platform-express)|@fastify\/(multipart|static|view|cors)|class-(transformer|validator))(\/[^"']+)?\1\)/g;

/** What NestJS can do without it looks for at each start, in every directory above. It is told at once. */
export function absentPackages(): Plugin {
  return {
    name: 'absent-packages',
    transform(code, id) {
      if (!slashed(id).includes('/node_modules/@nestjs/')) return null;
      const told = (asked: string) => `Promise.reject(new Error(${JSON.stringify(`not installed: ${asked}`)}))`;
      // As many lines as before, so that the map still holds.
      return { code: code.replace(ABSENT, told), map: null };
    },
  };
}
