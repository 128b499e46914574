import { onThemeChange } from "../lib/theme.ts";

const NAMES = [
  "surface",
  "sunken",
  "line",
  "line-strong",
  "text",
  "muted",
  "accent",
  "ok",
  "late",
  "late-text",
  "missed",
  "orphaned",
  "pending",
  "votes",
  "aggregates",
  "contributions",
  "columns",
  "payload-votes",
] as const;

/** The tokens of meaning as colours that a canvas takes. */
export type Colours = Readonly<Record<(typeof NAMES)[number], string>>;

let known: { colours: Colours; mono: string; ofVariable: Map<string, string> } | undefined;
let listening = false;

/** The colours of the theme in force, read from the style sheet once a theme. */
export function colours(): Colours {
  return palette().colours;
}

/** The font family of figures, as the style sheet has it. */
export function monoFamily(): string {
  return palette().mono;
}

/** The colour of a `var(--…)` of the style sheet in the theme in force. */
export function resolvedColour(value: string): string {
  const { ofVariable } = palette();
  let colour = ofVariable.get(value);
  if (colour === undefined) {
    colour = resolve([value])[0] ?? "";
    ofVariable.set(value, colour);
  }
  return colour;
}

function palette() {
  if (!listening) {
    onThemeChange(() => {
      known = undefined;
    });
    listening = true;
  }
  if (known === undefined) {
    const values = resolve(NAMES.map((name) => `var(--${name})`));
    const entries = NAMES.map((name, index) => [name, values[index] ?? ""] as const);
    const mono = getComputedStyle(document.documentElement).getPropertyValue("--mono").trim() || "monospace";
    known = { colours: Object.fromEntries(entries) as Colours, mono, ofVariable: new Map() };
  }
  return known;
}

/** Only a used property resolves `light-dark()`: the values are read from the `color` of an element. */
function resolve(values: readonly string[]): string[] {
  const probe = document.createElement("span");
  document.body.append(probe);
  const resolved = values.map((value) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return resolved;
}
