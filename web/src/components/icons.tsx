import type { ReactNode } from "react";

const PATHS = {
  live: "M3 10h3l2-5 3 10 2.500-7 1.500 2h2",
  slot: "M4 4h12v12H4zM8 4v12M4 9h12",
  latency: "M3 16V4M3 16h14M5.500 13.500c5 0 3-8 9.500-8",
  reorg: "M5 16V9a4 4 0 0 1 4-4h2M5 16v-3a4 4 0 0 1 4-4h6M12.500 6.500 15 9l-2.500 2.500",
  node: "M4 4h12v4.500H4zM4 11.500h12V16H4zM7 6.250h.01M7 13.750h.01",
  validator: "M10 3l6 2.200v4.300c0 3.500-2.400 6.200-6 7.500-3.600-1.300-6-4-6-7.500V5.200zM7.300 10l2 2 3.500-3.800",
  votes: "M3 16h14M5 16V11M8.500 16V7M12 16V9M15.500 16V4",
  block: "M10 3l6 3.500v7L10 17l-6-3.500v-7zM4 6.500l6 3.500 6-3.500M10 10v7",
  gap: "M2 10h5M13 10h5M9 6l-1 8M12 6l-1 8",
  behind: "M10 4a6.500 6.500 0 1 1-6 4M10 7v4l2.500 1.500M3 4v4h4",
  sun: "M10 6.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7M10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
  moon: "M16 12.500A6.500 6.500 0 0 1 7.500 4 6.500 6.500 0 1 0 16 12.500z",
  left: "M12 5l-5 5 5 5",
  right: "M8 5l5 5-5 5",
  dashboard: "M3.500 3.500h6v7h-6zM12 3.500h4.500v4H12zM12 10h4.500v6.500H12zM3.500 13h6v3.500h-6z",
  explore: "M8.500 3.500a5 5 0 1 1 0 10a5 5 0 1 1 0-10M12.200 12.200L17 17M6 8.500h5M8.500 6v5",
  table: "M3.500 4.500h13v11h-13zM3.500 8h13M3.500 11.750h13M8 8v7.500",
  menu: "M4 10a.8.8 0 1 0 1.600 0a.8.8 0 1 0-1.600 0M9.200 10a.8.8 0 1 0 1.600 0a.8.8 0 1 0-1.600 0M14.400 10a.8.8 0 1 0 1.600 0a.8.8 0 1 0-1.600 0",
  close: "M5 5l10 10M15 5L5 15",
  pause: "M7 5v10M13 5v10",
  play: "M7 4.500l8 5.500-8 5.500z",
  full: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  add: "M10 4v12M4 10h12",
  wider: "M8 10H3M5.500 7.500L3 10l2.500 2.500M12 10h5M14.500 7.500L17 10l-2.500 2.500",
  bell: "M10 3a4.500 4.500 0 0 0-4.500 4.500c0 4.500-1.700 6-1.700 6h12.400s-1.700-1.500-1.700-6A4.500 4.500 0 0 0 10 3M8.300 16.200a1.800 1.800 0 0 0 3.400 0",
  bell_off:
    "M6.600 4.600A4.500 4.500 0 0 1 14.500 7.500c0 2.300.5 3.900.9 4.800M12.500 13.500H3.800s1.700-1.500 1.700-6c0-.4 0-.7.1-1M8.300 16.200a1.800 1.800 0 0 0 3.400 0M3.500 3l13 14",
  rule: "M3.500 5.300l1.400 1.400 2.300-2.600M10.500 5.300h6M3.500 10.300l1.400 1.400 2.300-2.600M10.500 10.300h6M3.500 15.300l1.400 1.400 2.300-2.600M10.500 15.300h6",
  check: "M4 10.500l4 4 8-9",
  up: "M5 12l5-5 5 5",
  down: "M5 8l5 5 5-5",
} as const;

export type IconName = keyof typeof PATHS;

/** A line icon in the colour of its text; what it means stands beside it or in the label of its button. */
export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
