import mongoose from 'mongoose';

// The shapes that paths of the schemas have. A missing optional field is stored as null, so that a query for
// null finds it in an index like any other value.

export const text = { type: String, required: true } as const;
export const optionalText = { type: String, default: null } as const;
export const number = { type: Number, required: true } as const;
export const time = { type: Date, required: true } as const;
export const optionalTime = { type: Date, default: null } as const;
export const metadata = { type: mongoose.Schema.Types.Mixed, required: true } as const;

/** Without the explicit default mongoose would fill in an empty list where a required one is missing. */
export const listOf = <Type>(type: Type) => ({
  type: [type],
  required: true,
  default: undefined,
  castNonArrays: false,
});

export const oneOf = <Value extends string>(values: readonly Value[]) => ({
  type: String,
  required: true,
  enum: [...values],
});

/**
 * What is not declared is refused, in documents and in filters. No `__v`: the guards in the filters say more.
 * Indexes are built by `buildIndexes`, which can be awaited and fails aloud.
 */
export const schemaOptions = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  minimize: false,
  autoIndex: false,
  autoCreate: false,
  id: false,
} as const;
