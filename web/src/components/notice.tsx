import type { ReactNode } from "react";

/** What happened, what still works, what to do. */
export function Notice(props: { title: string; children: ReactNode; tone?: "plain" | "problem" }) {
  const { title, children, tone = "plain" } = props;
  return (
    <div className={`notice ${tone}`} role={tone === "problem" ? "alert" : "status"}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
