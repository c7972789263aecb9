const root = '/possystem';

/**
 * Address as the router knows it: clients of the compatible protocol append slashes and join a base that ends in one, so
 * `/possystem/v4//getToken/` is `/possystem/v4/getToken`. The query stays as it is. Other addresses are not touched.
 */
export function rewriteUrl(url: string): string {
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const isTidy = path.startsWith(root) && !path.includes('//') && !path.endsWith('/');
  if (isTidy) return url;
  const tidy = path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return tidy === root || tidy.startsWith(`${root}/`) ? tidy + (queryAt < 0 ? '' : url.slice(queryAt)) : url;
}
