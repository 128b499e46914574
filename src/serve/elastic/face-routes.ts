import type { Clock } from "../../lib/clock.ts";
import type { FacePorts } from "./face.ts";
import type { FaceRoute } from "./route.ts";
import { bulkRoutes } from "./routes/bulk-routes.ts";
import { rootRoutes } from "./routes/root-routes.ts";
import type { ElasticFaceConfig } from "./schema.ts";

/** Every operation of the face. */
export function faceRoutes(deps: { ports: FacePorts; config: ElasticFaceConfig; clock: Clock }): readonly FaceRoute[] {
  const { ports, config, clock } = deps;
  const { sink, settings } = ports;
  return [...rootRoutes({ settings, config }), ...bulkRoutes({ sink, config, clock })];
}
