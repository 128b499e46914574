import type { MouseEvent, ReactNode } from "react";
import { navigate } from "../lib/router.ts";

/** A link to one of our own pages: no reload, and new tabs as the browser does them. */
export function Link(props: {
  to: string;
  className?: string | undefined;
  current?: boolean | undefined;
  label?: string | undefined;
  children: ReactNode;
}) {
  const { to, className, current, label, children } = props;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} className={className} aria-current={current ? "page" : undefined} aria-label={label} onClick={follow}>
      {children}
    </a>
  );
}
