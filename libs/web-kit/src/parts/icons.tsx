import type { ReactNode } from 'react';

/** Outlines on a 24×24 ground. */
const paths = {
  overview: 'M4 13a8 8 0 1 1 16 0M12 13l4-4M5 19h14',
  rack: 'M5 3h14v6H5zM5 9h14v6H5zM5 15h14v6H5zM8 6h.01M8 12h.01M8 18h.01M12 6h4M12 12h4M12 18h4',
  receipt: 'M6 3h12v18l-2-1.5L14 21l-2-1.5L10 21l-2-1.5L6 21zM9 8h6M9 12h6M9 16h3',
  queue: 'M4 6h16M4 11h16M4 16h10M17 15l3 3-3 3',
  bell: 'M6 17V11a6 6 0 1 1 12 0v6l1.5 2h-15zM10 21h4',
  operator: 'M4 12l16-8-6 16-3-6zM11 14l4-5',
  stock: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  documents: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19',
  moon: 'M19 14.5A8 8 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.5-6 8-6s8 2 8 6',
  logout: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  company: 'M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  code: 'M9 7l-5 5 5 5M15 7l5 5-5 5',
  chevron: 'M9 6l6 6-6 6',
  external: 'M13 5h6v6M19 5l-8 8M17 14v5H5V7h5',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5l11 7-11 7z',
  print: 'M7 9V4h10v5M5 9h14v8h-3v3H8v-3H5zM8 14h8',
  plant: 'M12 3v5M5 21v-5h14v5M12 8v8M4 8h16',
  spark: 'M13 3L5 14h6l-1 7 8-11h-6z',
  wallet: 'M4 7h15v12H4zM4 7l11-3v3M15 13h.01M19 11h-5v4h5',
  registers: 'M5 4h14v9H5zM8 17h8M4 20h16M8 7h8M8 10h4',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words; never the only bearer of a meaning. */
export const Icon = ({ name, size = 20 }: { name: IconName; size?: number }): ReactNode => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={1.75}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={paths[name]} />
  </svg>
);
