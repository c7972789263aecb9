import { AppLink, EmptyState, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { texts } from '../texts';

export function NotFound(): ReactNode {
  const say = useTexts(texts);
  return (
    <EmptyState title={say('notFound.title')} action={<AppLink href="/">{say('notFound.home')}</AppLink>} />
  );
}
