import { NotHere } from "../components/alert/not-here.tsx";
import { Notice } from "../components/notice.tsx";
import { RulesSkeleton } from "../components/skeleton.tsx";
import type { Route } from "../lib/router.ts";
import { useMode } from "../lib/use-mode.ts";
import { useModule } from "../lib/use-module.ts";

type RuleRoute = Extract<Route, { page: "rules" | "rule" }>;

export function ruleTitle(route: RuleRoute): string {
  if (route.page === "rules") return "Rules";
  return route.id === undefined ? "New rule" : `Rule ${route.id}`;
}

const load = () => import("./rule-chunk.ts");

/** The rules, fetched when they are opened: who looks at alerts at night needs none of their editor. */
export function RulePages({ route }: { route: RuleRoute }) {
  const mode = useMode();
  const loaded = useModule(load);
  const title = ruleTitle(route);
  if (mode.told && mode.public) return <NotHere heading={title} />;
  if (loaded.kind === "loading" || !mode.told) return <RulesSkeleton what={title} />;
  if (loaded.kind === "failed") {
    return (
      <>
        <h1 className="visually-hidden">{title}</h1>
        <Notice title="The page could not be fetched" tone="problem">
          <p>{loaded.sentence}</p>
        </Notice>
      </>
    );
  }
  const { RulesPage, RulePage, NewRulePage } = loaded.module;
  if (route.page === "rules") return <RulesPage />;
  return route.id === undefined ? <NewRulePage /> : <RulePage key={route.id} id={route.id} />;
}
