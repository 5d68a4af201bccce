import type { Plugin } from 'rolldown';

const ABSENT =
  /\bimport\((["'])(@nestjs\/(microservices|websockets|platform-express)|@fastify\/(multipart|static|view|cors)|class-(transformer|validator))(\/[^"']+)?\1\)/g;

/** What NestJS can do without it looks for at each start, in every directory above. It is told at once. */
export function absentPackages(): Plugin {
  return {
    name: 'absent-packages',
    transform: {
      filter: { id: /\/node_modules\/@nestjs\// },
      handler: (code) => ({
        // As many lines as before, so that the map still holds.
        code: code.replace(
          ABSENT,
          (asked) => `Promise.reject(new Error(${JSON.stringify(`not installed: ${asked}`)}))`,
        ),
        map: null,
      }),
    },
  };
}
