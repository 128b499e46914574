/** The browser's wall clock, Unix milliseconds. Everything else takes the time as a parameter. */
export const browserNowMs = (): number => Date.now();
