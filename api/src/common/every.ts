/** Does the work again and again until it is stopped; tests put one in its place that they turn themselves. */
export type Every = (milliseconds: number, work: () => void) => { stop(): void };

export const EVERY = Symbol('Every');

export const systemEvery: Every = (milliseconds, work) => {
  const timer = setInterval(work, milliseconds);
  return { stop: () => clearInterval(timer) };
};
