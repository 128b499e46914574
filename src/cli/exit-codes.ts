/** The user's fault, with one clear sentence. */
export const EXIT_FAULT = 1;
/** EX_TEMPFAIL of sysexits.h: the same command may succeed later. */
export const EXIT_TEMPORARY = 75;
/** As a shell reports a program that SIGINT ended. */
export const EXIT_INTERRUPTED = 130;
