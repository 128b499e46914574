import { fileURLToPath } from "node:url";

/** What is beside the sources, in a checkout and when built. */
export const PACKAGE_DIRECTORY = fileURLToPath(new URL("../..", import.meta.url));
