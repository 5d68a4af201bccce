// Woken once a day. The consistency check follows, when nothing is left that the clean-up deletes.
import { jobFunction } from './job-function.ts';

export const handler = jobFunction(['cleanup', 'consistency']);
