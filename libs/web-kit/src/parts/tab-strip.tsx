import { Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** Names of tabs in one line that is drawn sideways on a phone; the chosen one is always in sight. */
export function TabStrip({
  chosen,
  className,
  children,
}: {
  /** Value of the chosen tab. */
  chosen: string;
  className?: string;
  children: ReactNode;
}): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const line = list.current;
    const tab = line?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!line || !tab) return;
    // Only the line moves: the page stays where it was read.
    const behind = tab.offsetLeft + tab.offsetWidth - (line.scrollLeft + line.clientWidth);
    if (behind > 0) line.scrollLeft += behind;
    else if (tab.offsetLeft < line.scrollLeft) line.scrollLeft = tab.offsetLeft;
  }, [chosen]);
  return (
    <Tabs.List
      ref={list}
      mb="md"
      className={className}
      style={{ flexWrap: 'nowrap', overflowX: 'auto', position: 'relative' }}
    >
      {children}
    </Tabs.List>
  );
}
