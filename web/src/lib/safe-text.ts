const ESCAPE = "\u001b";
const BELL = "\u0007";
/** Colours and cursor movements of a terminal: CSI sequences, and OSC ones such as titles and links. */
const TERMINAL = new RegExp(
  `${ESCAPE}\\[[0-?]*[ -/]*[@-~]|${ESCAPE}\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?`,
  "g",
);
/** Controls but tab and line feed; what turns the direction of writing, or has no width but joins no emoji. */
const UNSEEN = /(?![\t\n\u200d])[\p{Cc}\p{Cf}]/gu;
const FIRST_PICTURE = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = "\u2421";

/**
 * What a stranger wrote, as it can be shown: without a terminal's colours, and with every control that would hide or
 * turn text made visible. It is shown as text in any case, never as HTML.
 */
export function shownText(text: string): string {
  return text.replace(TERMINAL, "").replace(UNSEEN, (control) => {
    const code = control.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCharCode(FIRST_PICTURE + code);
    return code === DELETE ? DELETE_PICTURE : `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}

/** The text up to about `most` characters, not within a character; undefined where it is short enough. */
export function cutText(text: string, most: number): string | undefined {
  if (text.length <= most) return undefined;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}
