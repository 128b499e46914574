import { config } from "zod/v4/core";

// Before any schema is made: zod would try `new Function`, which the Content-Security-Policy refuses and reports.
config({ jitless: true });
