import { compileRegex, searchAllowance } from "../regex/regex.ts";
import { clients } from "./clients.ts";

/** One line as a sender sent it; `item` is whatever has to be answered for it. */
export type SentLine<Item> = { source: string; text: string; item: Item };

/** Lines that belong together, as one text. */
export type Entry<Item> = {
  source: string;
  text: string;
  /** Of every line, those that were cut off too, in order. */
  items: Item[];
  /** Lines that did not fit: they are not in `text`. */
  cut: number;
};

export type LineJoiner<Item> = {
  /** Takes a line and gives the entries that are complete now, of this source or of one that had to give way. */
  push(line: SentLine<Item>, nowUs: number): Entry<Item>[];
  /** The entries whose last line came `waitUs` ago or earlier. */
  takeWaited(nowUs: number): Entry<Item>[];
  /** All that are open, to stop. */
  takeAll(): Entry<Item>[];
};

type Open<Item> = Entry<Item> & { lines: number; lastUs: number };

const DEFAULTS = { maxSources: 1_000, maxLines: 500, maxCharacters: 65_536, waitUs: 2_000_000 };

/**
 * Joins the lines of stack traces and the like for senders that cannot do it themselves. A line for which `isFirst` does
 * not hold belongs to the entry before it of the same source (a file of a host); one without such is an entry of its
 * own. An entry waits for more until its source's next first line, or `waitUs`. Bounded: the source that was silent the
 * longest gives way to a new one, lines beyond the bounds of an entry are counted.
 */
export function createLineJoiner<Item>(options: {
  isFirst: (text: string) => boolean;
  maxSources?: number;
  maxLines?: number;
  maxCharacters?: number;
  waitUs?: number;
}): LineJoiner<Item> {
  const { isFirst, maxSources, maxLines, maxCharacters, waitUs } = { ...DEFAULTS, ...options };
  // In the order of their last lines, the most silent first.
  const open = new Map<string, Open<Item>>();

  const begin = ({ source, text, item }: SentLine<Item>, nowUs: number): Open<Item> => ({
    source,
    text,
    items: [item],
    cut: 0,
    lines: 1,
    lastUs: nowUs,
  });
  const entryOf = ({ source, text, items, cut }: Open<Item>): Entry<Item> => ({ source, text, items, cut });
  const extend = (entry: Open<Item>, { text, item }: SentLine<Item>) => {
    entry.items.push(item);
    if (entry.cut > 0 || entry.lines >= maxLines || entry.text.length + text.length + 1 > maxCharacters) entry.cut += 1;
    else {
      entry.text += `\n${text}`;
      entry.lines += 1;
    }
  };

  return {
    push(line, nowUs) {
      const known = open.get(line.source);
      open.delete(line.source);
      if (known !== undefined && !isFirst(line.text)) {
        extend(known, line);
        known.lastUs = nowUs;
        open.set(line.source, known);
        return [];
      }
      const done = known === undefined ? [] : [entryOf(known)];
      const [silent] = open.values();
      if (open.size >= maxSources && silent !== undefined) {
        open.delete(silent.source);
        done.push(entryOf(silent));
      }
      open.set(line.source, begin(line, nowUs));
      return done;
    },
    takeWaited(nowUs) {
      const done: Entry<Item>[] = [];
      for (const entry of open.values()) {
        if (entry.lastUs > nowUs - waitUs) break;
        open.delete(entry.source);
        done.push(entryOf(entry));
      }
      return done;
    },
    takeAll() {
      const done = [...open.values()].map(entryOf);
      open.clear();
      return done;
    },
  };
}

/** Whether a line begins an entry of a client's log; without a client's name, of any client's. */
export function firstLineTest(name?: string): (text: string) => boolean {
  const some = name === undefined ? clients : clients.filter((client) => client.name === name);
  const regexes = some.map(({ firstLine }) => compileRegex({ source: firstLine, dialect: "java" }));
  // Enough to tell: no head of a line is longer.
  return (text) => regexes.some((regex) => regex.test(text.slice(0, 200), searchAllowance()));
}
