import * as z from 'zod/mini';
import type { Localize } from '../platform/localize.ts';
import { Refusal } from './refusal.ts';

const Id = z.string().check(z.minLength(1));

/** A session's id, or a row of the tree, or anything else that holds a session. */
const SessionArgument = z.union([
  z.pipe(
    Id,
    z.transform((sessionId) => ({ sessionId })),
  ),
  z.object({ sessionId: Id }),
  z.pipe(
    z.object({ session_id: Id }),
    z.transform(({ session_id }) => ({ sessionId: session_id })),
  ),
  z.pipe(
    z.object({ session: z.object({ session_id: Id }) }),
    z.transform(({ session }) => ({ sessionId: session.session_id })),
  ),
]);

const TaskFields = z.object({ task_id: Id, session_id: Id, task_name: z.string() });
const TaskArgument = z.union([
  TaskFields,
  z.pipe(
    z.object({ task: TaskFields }),
    z.transform(({ task }) => task),
  ),
]);
export type TaskArgument = z.output<typeof TaskArgument>;

/** The session that a command was called with; undefined where the user is to be asked. */
export function sessionIdIn(args: unknown, localize: Localize): string | undefined {
  return parsed(SessionArgument, args, localize)?.sessionId;
}

/** The sessions that a command was called with: those of all selected rows, else the one it was called with. */
export function sessionIdsIn(
  args: unknown,
  selected: readonly unknown[] | undefined,
  localize: Localize,
): readonly string[] | undefined {
  const one = sessionIdIn(args, localize);
  if (one === undefined) return undefined;
  const ids = (selected ?? []).flatMap((row) => z.safeParse(SessionArgument, row).data?.sessionId ?? []);
  return ids.includes(one) ? ids : [one];
}

/** The task that a command was called with; undefined where the user is to be asked. */
export function taskIn(args: unknown, localize: Localize): TaskArgument | undefined {
  return parsed(TaskArgument, args, localize);
}

const TreeRow = z.object({ kind: z.string(), id: Id });

/** What a command of the whole view was called with. Its buttons get the row that happens to have the focus. */
export function optionIn<T>(schema: z.ZodMiniType<T>, args: unknown, localize: Localize): T | undefined {
  return z.safeParse(TreeRow, args).success ? undefined : parsed(schema, args, localize);
}

function parsed<T>(schema: z.ZodMiniType<T>, args: unknown, localize: Localize): T | undefined {
  if (args === undefined || args === null) return undefined;
  const result = z.safeParse(schema, args);
  if (result.success) return result.data;
  throw new Refusal(localize('The command was called with something it does not know. Run it from the Sessions view.'));
}
