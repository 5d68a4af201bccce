import { type Metadata, metadataProblem } from '@claude-projects/shared/contract';
import { validationError } from './domain-error.ts';

/**
 * Merging may outgrow what a single request may carry. Asked after the write and inside its transaction, so
 * that the refusal undoes it.
 */
export function assertMetadataFits(metadata: Metadata): void {
  const problem = metadataProblem(metadata);
  if (problem) throw validationError([{ field: 'metadata', message: `once merged, ${problem.message}` }]);
}
