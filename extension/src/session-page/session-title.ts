import type { Session } from '@claude-projects/shared/client';
import { plainText } from '../tree/plain-text.ts';

/** What the session is about: its own title, else its current task, its branch, its project. */
export function sessionTitle(session: Session, currentTaskName: string | undefined): string {
  const { metadata, project_id } = session;
  const texts = [metadata['title'], currentTaskName, metadata['branch']];
  const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
  return plainText(texts.find(isText) ?? project_id);
}
