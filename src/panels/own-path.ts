/**
 * A path on the monitor's own pages. `//host` and `/\host` lead to another host, and so does a line break between the
 * slashes, which browsers leave out.
 */
export const OWN_PATH = /^\/(?![/\\])[^\t\n\r]*$/;

/** A path of our own, or a page elsewhere. */
export const OWN_PATH_OR_URL = /^(?:\/(?![/\\])|https?:\/\/)[^\t\n\r]*$/;
