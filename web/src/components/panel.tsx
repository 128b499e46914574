import { type ReactNode, useId } from "react";

/** A titled part of a page, with a sentence that says how to read it. */
export function Panel(props: {
  title: string;
  hint?: ReactNode;
  className?: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { title, hint, className = "", aside, children } = props;
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {hint !== undefined && <p className="hint">{hint}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  );
}
