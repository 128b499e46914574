import type { Severity } from "../../../../src/serve/views.ts";

/** How bad it is: a shape and a colour, and the word. */
export function SeverityMark({ severity, silent = false }: { severity: Severity; silent?: boolean }) {
  return (
    <span className={`severity ${severity}`}>
      <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
        {severity === "info" && <circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.6" />}
        {severity === "warning" && <path d="M7 1.200 13.500 12.800H.500z" fill="var(--late)" />}
        {severity === "high" && <path d="M7 .500 13.500 7 7 13.500.500 7z" fill="var(--missed)" />}
        {severity === "critical" && <rect x="1" y="1" width="12" height="12" rx="1.500" fill="var(--missed)" />}
        {severity === "emergency" && (
          <>
            <path d="M4.300.500h5.400l3.800 3.800v5.400l-3.800 3.800H4.300L.500 9.700V4.300z" fill="var(--missed)" />
            <path d="M7 3.200v4.800M7 10.300v.800" stroke="var(--surface)" strokeWidth="1.800" />
          </>
        )}
      </svg>
      <span className={silent ? "visually-hidden" : ""}>{severity}</span>
    </span>
  );
}
