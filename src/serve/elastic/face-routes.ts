import type { Clock } from "../../lib/clock.ts";
import { createNames } from "./names.ts";
import type { FacePorts } from "./ports.ts";
import type { FaceRoute } from "./route.ts";
import { aliasRoutes } from "./routes/alias-routes.ts";
import { bulkRoutes } from "./routes/bulk-routes.ts";
import { catRoutes } from "./routes/cat-routes.ts";
import { clusterRoutes } from "./routes/cluster-routes.ts";
import { contextRoutes } from "./routes/context-routes.ts";
import { dataStreamRoutes } from "./routes/data-stream-routes.ts";
import { documentRoutes } from "./routes/document-routes.ts";
import { indexAdminRoutes } from "./routes/index-admin-routes.ts";
import { indexRoutes } from "./routes/index-routes.ts";
import { msearchRoutes } from "./routes/msearch-routes.ts";
import { pipelineRoutes } from "./routes/pipeline-routes.ts";
import { policyRoutes } from "./routes/policy-routes.ts";
import { rootRoutes } from "./routes/root-routes.ts";
import { searchRoutes } from "./routes/search-routes.ts";
import { securityRoutes } from "./routes/security-routes.ts";
import { templateRoutes } from "./routes/template-routes.ts";
import { watcherRoutes } from "./routes/watcher-routes.ts";
import { watcherServiceRoutes } from "./routes/watcher-service-routes.ts";
import type { ElasticFaceConfig } from "./schema.ts";
import { createSearchContexts } from "./search-contexts.ts";

/** Every operation of the face. */
export function faceRoutes(deps: { ports: FacePorts; config: ElasticFaceConfig; clock: Clock }): readonly FaceRoute[] {
  const { ports, config, clock } = deps;
  const { sink, reader, admin, search, pipelines, settings, keys, desk } = ports;
  const names = createNames({ search, settings, clock });
  const contexts = createSearchContexts({ clock, limit: config.contexts });
  return [
    ...rootRoutes({ settings, config, hasWatcher: desk !== undefined }),
    ...bulkRoutes({ sink, config, clock }),
    ...documentRoutes({ sink, reader, clock }),
    ...searchRoutes({ search, names, contexts }),
    ...msearchRoutes({ search, names, contexts, clock }),
    ...contextRoutes({ search, names, contexts, clock }),
    ...indexRoutes({ search, names, sink, admin }),
    ...indexAdminRoutes({ names, settings, admin }),
    ...aliasRoutes({ names, settings }),
    ...templateRoutes(settings),
    ...dataStreamRoutes({ names, settings, admin }),
    ...policyRoutes({ settings, clock }),
    ...pipelineRoutes(pipelines),
    ...clusterRoutes({ names, settings, pipelines, config }),
    ...catRoutes({ search, names, config, clock }),
    ...securityRoutes({ keys, clock }),
    ...(desk === undefined
      ? []
      : [...watcherRoutes({ desk, clock }), ...watcherServiceRoutes({ desk, settings, config })]),
  ];
}
