import { Link } from "../link.tsx";
import { Notice } from "../notice.tsx";

/** A public monitor shows what its operator chose; who is told of what is none of it. */
export function NotHere({ heading }: { heading: string }) {
  return (
    <>
      <h1 className="visually-hidden">{heading}</h1>
      <Notice title="Alerts are for those who run this monitor">
        <p>
          It is open to anyone, and shows neither alerts nor rules. What happened on the network stands on the{" "}
          <Link to="/">live screen</Link>.
        </p>
      </Notice>
    </>
  );
}
