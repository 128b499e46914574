import { rulePath } from "../../lib/router.ts";
import type { WatchTemplate } from "../../lib/watch-templates.ts";
import { Link } from "../link.tsx";

/** What a new rule may begin with. */
export function TemplateList({ templates }: { templates: readonly WatchTemplate[] }) {
  return (
    <div className="rules-page">
      <header className="page-head">
        <div>
          <p className="back">
            <Link to="/rules">All rules</Link>
          </p>
          <h1>New rule</h1>
          <p className="hint">
            Begin with a template. Every rule can be copied on its page, and a search in Explore or a panel of a
            dashboard becomes one by its menu.
          </p>
        </div>
      </header>
      <ul className="board-list template-list">
        {templates.map(({ id, title, words }) => (
          <li key={id} className="panel">
            <h2>
              <Link to={`${rulePath("new")}?template=${id}`}>{title}</Link>
            </h2>
            <p className="muted">{words}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
