import { useMode } from "../../lib/use-mode.ts";
import { Link } from "../link.tsx";

/** The two ways to ask freely; SQL where the store has it. */
export function ExploreTabs({ current }: { current: "search" | "sql" }) {
  const mode = useMode();
  if (!mode.sql) return null;
  return (
    <nav className="tabs" aria-label="Ways to ask">
      <Link to="/explore" current={current === "search"}>
        Search
      </Link>
      <Link to="/explore/sql" current={current === "sql"}>
        SQL
      </Link>
    </nav>
  );
}
