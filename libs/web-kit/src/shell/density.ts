import { useEffect, useState } from 'react';

export type Density = 'comfortable' | 'compact';

const storageKey = 'kkt-density';

/** How close the rows of tables stand; remembered by the browser. */
export function useDensity(): [Density, (density: Density) => void] {
  const [density, setDensity] = useState<Density>(() =>
    localStorage.getItem(storageKey) === 'compact' ? 'compact' : 'comfortable',
  );
  useEffect(() => {
    document.documentElement.dataset.density = density;
    localStorage.setItem(storageKey, density);
  }, [density]);
  return [density, setDensity];
}
