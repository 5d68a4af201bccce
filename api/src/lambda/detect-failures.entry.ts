// Woken every other minute.
import { createJobFunction } from './create-job-function.ts';

const job = createJobFunction(['detect-failures']);
await job.start();

export const handler = () => job.handle();
