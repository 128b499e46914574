import type { FieldType } from "./fields/field-type.ts";

/**
 * `name` is the column's own, which is not always the field's. Of a text, `words` is the column in which the words of all
 * its values stand as `storedWords` makes them; without it they are made when they are looked for.
 */
export type SearchColumn = { name: string; type: FieldType; list: boolean; words?: string };

/** A field of a mapping: its type, and what of it changes how its values are read. */
export type MappedField = {
  type: FieldType;
  /** A multi-field such as `message.keyword` has the values of this field. */
  of?: string;
  /** Longer strings are not searched, sorted or counted. */
  ignoreAbove?: number;
  /** The one value of a `constant_keyword`. */
  value?: string;
  /** Of a `scaled_float`. */
  scalingFactor?: number;
  /** Of a date: how its values are written, where not in the default format. */
  format?: string;
  /** A value that is none of the type is passed over instead of refusing its document. */
  ignoreMalformed?: true;
  /** Stands for an explicit null. */
  nullValue?: string | number | boolean;
  /** Of an object: what is below it is kept and never searched. */
  enabled?: false;
  /** Another name of the field in `of`, under which nothing can be written. */
  alias?: true;
  /** Elasticsearch's type of a field that is kept with its document, and whose search is refused. */
  unsearched?: string;
};

export type Mapping = ReadonlyMap<string, MappedField>;

/**
 * One data stream or index that a search reaches, and the tables that hold its documents.
 *
 * **Our own datasets** have a typed column for each field, named by the field's full path. Tables have the columns
 * `@timestamp TIMESTAMP` and `_seq BIGINT`, an index `_id VARCHAR` too, then those of `columns`, in any order; SQL types
 * are those of `CLASS_SQL_TYPES`, a list's `T[]`, and `JSON` for `flattened`. `_source` is put together from them.
 *
 * **Documents of others** (`foreign` is there) have tables with these columns:
 * - `@timestamp TIMESTAMP`, `_seq BIGINT`, and `_id VARCHAR`, NULL where the sender gave none: then `_seq` in decimal
 *   digits is the id;
 * - `_shape VARCHAR`, `_literals VARCHAR` and `_rest VARCHAR`: the document's JSON text, given back as it came and never
 *   searched. `takeApart` makes them: `_shape` is the text without its leaves, which stand in the columns of their fields
 *   or, where no column gives them back as they were, in `_literals`, long ones in `_rest`. Where `_shape` is NULL `_rest`
 *   is the whole text;
 * - those of `columns`, by field; a field that has several values in one document is a list. SQL types as above, and an
 *   `ip` is its 32 digits (`ipDigits`); of a text there may be a second column with its words, `VARCHAR`, NULL where the
 *   text is;
 * - `_values JSON`: every other field that has values, as one flat object: the field's full path to the list of its
 *   values, never empty, without null. `documentValues` makes it: nested objects, dotted names and arrays of objects all
 *   end in the same path, as in Elasticsearch's doc values, and each value is of the field's type: numbers for numbers
 *   (decimal digits as text where they are beyond 2^53), booleans for booleans, microseconds since the Unix epoch for
 *   dates, the 32 digits for an `ip`, strings for the rest. Below the path of a `nested` field stands a list of such flat
 *   objects, one for each object of the document. A `flattened` field stands under its own path with all of its leaf
 *   values as strings, and again under the path of each leaf. `mapping` names every field, those of `columns` too.
 */
export type SearchTarget = {
  /** `_index` of its documents. */
  index: string;
  kind: "stream" | "index";
  columns: ReadonlyMap<string, SearchColumn>;
  foreign?: {
    mapping: Mapping;
    /** A field without a column has no values here, unless it is `flattened` or within a `nested` one. */
    noMoreValues?: boolean;
    /** The column of a field that has one, also of a field whose column came after the target was made. */
    columnOf: (field: string) => string;
  };
  /** Qualified and quoted; of a stream each holds one UTC day from `dayStartUs`. */
  tables: readonly { sql: string; dayStartUs?: number }[];
};

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text within a statement: for what must be known when it is planned (patterns, paths). Zero characters have no place. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The `_id` of a document as SQL text. */
export function idSql(target: SearchTarget): string {
  if (target.foreign !== undefined) return "coalesce(_id, CAST(_seq AS VARCHAR))";
  return target.kind === "index" ? "_id" : "CAST(_seq AS VARCHAR)";
}
