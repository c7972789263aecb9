import { Button, Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

/** Nothing to show: what that means and what to do next. */
export const EmptyState = ({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode => (
  <div className="kit-empty">
    <strong>{title}</strong>
    {children !== undefined && <div>{children}</div>}
    {action}
  </div>
);

/** What went wrong, in words, with a way to try again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }): ReactNode {
  const say = useTexts(kitTexts);
  const code = error instanceof ApiError ? error.code : 'UNKNOWN';
  return (
    <div className="kit-empty" role="alert">
      <strong>{say.maybe(`error.${code}`, say('error.other'))}</strong>
      <span className="kit-mono">{code}</span>
      {retry && (
        <Button variant="default" onClick={retry}>
          {say('error.retry')}
        </Button>
      )}
    </div>
  );
}

/** Shows a query in each of its states: waiting, failed, there. */
export function QueryView<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}): ReactNode {
  const say = useTexts(kitTexts);
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return (
    <Stack aria-busy="true" aria-label={say('loading')}>
      <Skeleton height={72} />
      <Skeleton height={180} />
      <Skeleton height={120} />
    </Stack>
  );
}
