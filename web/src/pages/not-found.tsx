import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";

export function NotFoundPage({ path }: { path: string }) {
  return (
    <>
      <h1 className="visually-hidden">No such page</h1>
      <Notice title="There is no page at this address">
        <p>
          <code>{path}</code> leads nowhere. A slot's page is at <code>/slot/</code> and its number; the{" "}
          <Link to="/">live screen</Link> shows what is happening now.
        </p>
      </Notice>
    </>
  );
}
