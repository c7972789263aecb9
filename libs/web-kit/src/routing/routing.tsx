import {
  createContext,
  type AnchorHTMLAttributes,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
} from 'react';

/** What the kit needs of an application's router. */
export interface Routing {
  pathname: string;
  /** With the question mark, or empty. */
  search: string;
  go(href: string, options?: { replace?: boolean }): void;
}

const Context = createContext<Routing>({ pathname: '/', search: '', go: () => undefined });

export const RoutingProvider = ({
  routing,
  children,
}: {
  routing: Routing;
  children: ReactNode;
}): ReactNode => <Context value={routing}>{children}</Context>;

export const useRouting = (): Routing => useContext(Context);

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 &&
  !event.metaKey &&
  !event.ctrlKey &&
  !event.shiftKey &&
  !event.altKey &&
  !event.defaultPrevented;

/** A link inside the application: a plain click changes the page without loading it, anything else is the browser's. */
export function AppLink({
  href,
  onClick,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }): ReactNode {
  const { go } = useRouting();
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (!isPlainClick(event)) return;
        event.preventDefault();
        go(href);
      }}
    />
  );
}

/** State of the page in its address: survives a reload and can be sent to a colleague. Empty values are left out. */
export function useUrlState(): [
  Readonly<Record<string, string>>,
  (change: Record<string, string | undefined>) => void,
] {
  const { pathname, search, go } = useRouting();
  const state = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const set = useCallback(
    (change: Record<string, string | undefined>) => {
      const next = new URLSearchParams(search);
      for (const [key, value] of Object.entries(change)) {
        if (value === undefined || value === '') next.delete(key);
        else next.set(key, value);
      }
      const text = next.toString();
      go(text === '' ? pathname : `${pathname}?${text}`, { replace: true });
    },
    [pathname, search, go],
  );
  return [state, set];
}
