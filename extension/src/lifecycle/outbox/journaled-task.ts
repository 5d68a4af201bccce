import { TaskStatus, Uuid } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';

/** A task as the journal knows it: what was recorded, whether or not the API has heard of it. */
export const JournaledTask = z.object({ taskId: Uuid, name: z.string(), status: TaskStatus });
export type JournaledTask = Readonly<z.output<typeof JournaledTask>>;
