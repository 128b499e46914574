/** Colours and cursor movements of a terminal: CSI sequences, and OSC ones such as titles and links. */
const TERMINAL = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;
/** Controls but tab and line feed; those that turn the direction of writing; and those without width. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const FIRST_PICTURE = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = "\u2421";

/**
 * What a stranger wrote, as it can be shown: without a terminal's colours, and with every control that would hide or
 * turn text made visible. It is shown as text in any case, never as HTML.
 */
export function shownText(text: string): string {
  return text.replace(TERMINAL, "").replace(UNSEEN, (control) => {
    const code = control.charCodeAt(0);
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
