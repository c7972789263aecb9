/** The browser's own clock, Unix milliseconds: for the age of what is on the screen. */
// eslint-disable-next-line no-restricted-syntax -- a browser has no other
export const browserNow = (): number => Date.now();
