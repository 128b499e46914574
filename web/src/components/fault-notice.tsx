import type { ApiFault } from "../lib/ask-json.ts";
import { sentenceOf } from "../lib/format.ts";
import { Link } from "./link.tsx";
import { Notice } from "./notice.tsx";

/** A page that cannot be shown: why, what still works, what happens next. */
export function FaultNotice(props: { heading: string; title: string; fault: ApiFault }) {
  const { heading, title, fault } = props;
  return (
    <>
      <h1 className="visually-hidden">{heading}</h1>
      <Notice title={title} tone="problem">
        <p>
          {sentenceOf(fault.message)} {fault.retry && "The page tries again every few seconds; "}
          {fault.retry ? "the" : "The"} <Link to="/">live screen</Link> goes on meanwhile.
        </p>
      </Notice>
    </>
  );
}
