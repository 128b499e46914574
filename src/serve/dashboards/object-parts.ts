import { dashboardSchema } from "../../panels/panel.ts";

/** An id as panels and dashboards have it. */
export const objectId = dashboardSchema.shape.id;

/** `now-24h`, or a moment in ISO 8601. */
export const momentSchema = dashboardSchema.shape.time.unwrap().shape.from;
