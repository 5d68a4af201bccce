// Woken every other minute.
import { jobFunction } from './job-function.ts';

export const handler = jobFunction(['detect-failures']);
