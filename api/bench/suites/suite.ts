import type { Floor, Workshop } from '../processes/workshop.ts';

export interface SuiteOptions {
  workshop: Workshop;
  /** How long a round of load lasts; a soak lasts all of it. */
  seconds: number;
  rounds: number;
  quick: boolean;
  mongodbUri: string | undefined;
  progress: (message: string) => void;
}

export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** What was measured with what, and what it says. */
  notes: readonly string[];
}

/** A line of "must reach", held against what was measured. */
export interface Goal {
  text: string;
  measured: string;
  reached: boolean;
}

export interface SuiteResult {
  tables: readonly Table[];
  goals: readonly Goal[];
}

export interface Suite {
  name: string;
  floors: readonly Floor[];
  run: (options: SuiteOptions) => Promise<SuiteResult>;
}

export const CONNECTIONS = 100;

export const number = (value: number, digits = 0): string => value.toFixed(digits);
