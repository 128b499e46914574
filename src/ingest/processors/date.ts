import { dateFormat } from "../dates/date-format.ts";
import type { Instant } from "../dates/instant.ts";
import { fieldLetters, javaTokens } from "../dates/java-tokens.ts";
import { writeDate } from "../dates/write-date.ts";
import { utc, zoneOf } from "../dates/zone.ts";
import type { IngestDocument } from "../document/document.ts";
import { quoted, textOf } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";
import { compileTemplate } from "../template.ts";
import type { ProcessorKind } from "./processor.ts";

const OUTPUT = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";
const LOCALES = /^(?:en(?:[-_].*)?|english|root|)$/i;

export const dateProcessor: ProcessorKind = {
  type: "date",
  words:
    "Reads a date by the first format that fits. A line without a year is of the latest year in which it is at most a " +
    "day after `@timestamp` (or now, without one), a line with the time alone of the latest day, at most an hour after: " +
    "Elasticsearch takes the current year, and 1 January. Letters of patterns: " +
    Object.entries(fieldLetters)
      .map(([letter, { words }]) => `\`${letter}\` ${words}`)
      .join("; "),
  options: [
    { name: "field", words: "the field", required: true },
    { name: "formats", words: "`ISO8601`, `UNIX`, `UNIX_MS`, `TAI64N`, or patterns of Java's letters", required: true },
    { name: "target_field", words: "where the date goes", preset: "@timestamp" },
    { name: "timezone", words: "of dates that name none, and of the result; may hold templates", preset: "UTC" },
    { name: "locale", words: "English alone", preset: "ENGLISH" },
    { name: "output_format", words: "a pattern of Java's letters", preset: OUTPUT },
  ],
  compile(config) {
    const field = config.field("field");
    const target = config.optionalField("target_field") ?? "@timestamp";
    const names = config.texts("formats");
    if (names === undefined) throw config.fault("formats", "required property is missing");
    const formats = names.map((name) => config.made("formats", () => dateFormat(name)));
    const locale = config.text("locale") ?? "ENGLISH";
    if (!LOCALES.test(locale)) throw config.fault("locale", `locale [${locale}] is not supported, English is`);
    const zoneText = config.text("timezone") ?? "UTC";
    if (!zoneText.includes("{{")) config.made("timezone", () => zoneOf(zoneText));
    const timezone = config.made("timezone", () => compileTemplate(zoneText));
    const output = config.made("output_format", () => javaTokens(config.text("output_format") ?? OUTPUT));
    return (document) => {
      const value = document.require(field);
      if (value === null) throw documentFault(`field [${field}] is null, cannot be parsed as a date.`);
      const text = textOf(value);
      const zoneName = timezone(document);
      const zone = zoneOf(zoneName);
      const reference = () => referenceOf(document);
      for (const format of formats) {
        const instant = format(text, { zone, reference });
        if (instant === undefined) continue;
        document.set(target, writeDate({ tokens: output, instant, zone, zoneName }));
        return;
      }
      throw documentFault(`unable to parse date [${quoted(text)}]`);
    };
  },
};

const readIso = dateFormat("ISO8601");
const epoch = (): Instant => ({ ms: 0, nanos: 0 });

/** When the line was read: by the shipper's `@timestamp`, else now. */
function referenceOf(document: IngestDocument): Instant {
  for (const path of ["@timestamp", "_ingest.timestamp"]) {
    const value = document.get(path);
    const read = typeof value === "string" ? readIso(value, { zone: utc, reference: epoch }) : undefined;
    if (read !== undefined) return read;
  }
  return epoch();
}
