import '../mantine-styles';
import '../kit.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '../api/client';
import { LanguageProvider } from '../i18n/language';
import { LiveProvider } from '../live/live';
import { LiveHub } from '../live/live-hub';
import { theme } from '../theme';

/** Faults that the next try may not have; what the server refused it refuses again. */
const isWorthRetry = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 502);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

/** Puts an application on the page with everything the kit needs around it. */
export function startApp(application: ReactNode): void {
  const queries = new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => count < 3 && isWorthRetry(error), staleTime: 5_000 },
    },
  });
  const hub = new LiveHub(queries);
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce ?? ''}>
        <LanguageProvider>
          <QueryClientProvider client={queries}>
            <LiveProvider hub={hub}>{application}</LiveProvider>
          </QueryClientProvider>
        </LanguageProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
