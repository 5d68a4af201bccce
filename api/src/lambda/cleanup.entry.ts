// Woken once a day. The consistency check follows, when nothing is left that the clean-up deletes.
import { createJobFunction } from './create-job-function.ts';

const job = createJobFunction(['cleanup', 'consistency']);
await job.start();

export const handler = () => job.handle();
