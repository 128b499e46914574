import { type ReactNode, useEffect, useState } from "react";
import { copyText } from "../lib/copy.ts";

const SHOWN_MS = 1400;

/** A button that copies `text` and says for a moment that it did. */
export function CopyButton(props: {
  text: string;
  className: string;
  label: string;
  title?: string;
  children: ReactNode;
}) {
  const { text, className, label, title, children } = props;
  const [said, setSaid] = useState<"copied" | "not copied">();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <button
      type="button"
      className={`copies ${className}`}
      title={title}
      aria-label={label}
      onClick={() => void copyText(text).then((copied) => setSaid(copied ? "copied" : "not copied"))}
    >
      {children}
      <span className="copied" role="status">
        {said}
      </span>
    </button>
  );
}
