import { dashboardSchema } from "../../panels/panel.ts";

/** `now-24h`, or a moment in ISO 8601. */
export const momentSchema = dashboardSchema.shape.time.unwrap().shape.from;
