import { DEFAULT_FORMAT, dateFormat } from "../dates/date-format.ts";
import { type TimeZone, UTC } from "../dates/time-zone.ts";
import type { ValueClass } from "../fields/field-type.ts";
import { unsupported } from "../search-fault.ts";

/** How a number of a field is written beside itself, in `…_as_string`; undefined for a plain number. */
export type NumberText = ((value: number) => string) | undefined;

/** Dates always have a text, and booleans; numbers where a `format` (a pattern of Java's DecimalFormat) asks for it. */
export function numberText(
  valueClass: ValueClass | undefined,
  format: string | undefined,
  zone: TimeZone = UTC,
): NumberText {
  if (valueClass === "date") {
    const dates = format === undefined ? DEFAULT_FORMAT : dateFormat(format);
    return (value) => {
      // A moment of a document is exact to the microsecond, what is computed is cut to the millisecond.
      // Java takes NaN for the epoch.
      const us = Number.isNaN(value) ? 0 : value * 1000;
      const moment = Math.abs(us - Math.round(us)) < 1e-3 ? Math.round(us) : Math.trunc(value) * 1000;
      return dates.print(BigInt(moment), zone);
    };
  }
  if (valueClass === "boolean") return (value) => String(value !== 0);
  return format === undefined ? undefined : decimalFormat(format);
}

const DECIMAL = /^([^#0.,]*)([#,]*[0,]*)(?:\.(0*)(#*))?(%?)([^#0.,]*)$/;

function decimalFormat(pattern: string): (value: number) => string {
  const [, prefix = "", whole = "", fixed = "", optional = "", percent = "", suffix = ""] = DECIMAL.exec(pattern) ?? [];
  if (whole === "" && fixed === "" && optional === "") throw unsupported(`the number format [${pattern}]`);
  const grouping = whole.includes(",") ? whole.length - whole.lastIndexOf(",") - 1 : 0;
  const least = whole.replaceAll(",", "").replaceAll("#", "").length;
  return (value) => {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : `${value < 0 ? "-" : ""}∞`;
    const scaled = percent === "" ? value : value * 100;
    const rounded = roundHalfEven(Math.abs(scaled), fixed.length + optional.length);
    const [digits = "0", fraction = ""] = rounded.split(".");
    const kept = fraction.slice(0, fixed.length) + fraction.slice(fixed.length).replace(/0+$/, "");
    const padded = (digits === "0" && least === 0 && kept !== "" ? "" : digits).padStart(least, "0");
    const grouped = grouping > 0 ? padded.replace(new RegExp(`\\B(?=(\\d{${grouping}})+$)`, "g"), ",") : padded;
    const negative = scaled < 0 && /[1-9]/.test(rounded) ? "-" : "";
    return `${negative}${prefix}${grouped}${kept === "" ? "" : `.${kept}`}${percent}${suffix}`;
  };
}

/** DecimalFormat's rounding mode: a tie goes to the even digit. */
function roundHalfEven(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const scale = 10 ** decimals;
  const steps = value * scale;
  const isTie = Math.abs(steps - Math.trunc(steps)) === 0.5;
  if (!isTie) return text;
  const down = Math.trunc(steps);
  return ((down % 2 === 0 ? down : down + 1) / scale).toFixed(decimals);
}
