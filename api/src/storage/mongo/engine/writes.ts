import type { Model } from 'mongoose';
import { type Assignments, assignAll } from '../documents/update-stage.ts';
import type { Runner } from './runner.ts';

/** For findOneAndUpdate with a pipeline: what it gives back is the document after the change. */
export const CHANGED = { returnDocument: 'after', updatePipeline: true } as const;

/**
 * Validates through the model, then hands the document to the driver as it is: mongoose would clone it once
 * more, and knows less than `metadataToStore` about what metadata may hold.
 */
export async function insertDocument<Record_>(
  runner: Runner,
  model: Model<Record_>,
  document: Readonly<Record<string, unknown>>,
): Promise<void> {
  await new model(document).validate();
  await runner.run(() => model.collection.insertOne({ ...document }, runner.options));
}

/** mongoose does not look into pipelines, so the values are held against the schema here. */
export async function validAssignments<Record_>(
  model: Model<Record_>,
  values: Readonly<Record<string, unknown>>,
): Promise<Assignments> {
  const fields = Object.keys(values);
  const unknown = fields.find((field) => model.schema.path(field) === undefined);
  if (unknown !== undefined) throw new TypeError(`${unknown} is no field of ${model.modelName}`);
  if (fields.length > 0) await model.validate({ ...values }, fields);
  return assignAll(values);
}
