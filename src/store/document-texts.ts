import { countOf, type Document, type DocumentBlock, isBlock, type Json, type Storable } from "../events/document.ts";

/**
 * A document that others are like: a frame that holds one of those holds its text, too, so that each frame can be read
 * by itself.
 */
export type Template = { id: number; text: string };

/** Documents as the journal holds them: their JSON, or what they differ by from a template. */
export type DocumentText = {
  text: string;
  template?: Template;
  count: number;
  /** The one behind it becomes durable with it: both stand in one frame. */
  withNext?: true;
};

export type DocumentWriter = (storable: Storable) => DocumentText;

type Known = Template & { names: readonly string[]; values: readonly (Json | undefined)[] };

/** With more differences than this a document becomes the next template: those after it are more like it. */
const MAX_CHANGES = 8;
/** Datasets times nodes; beyond, templates are begun anew. */
const MAX_TEMPLATES = 512;
/** A longer text is not held back by what few fields it has in common. */
const MAX_CHANGES_LENGTH = 2_048;

/**
 * Makes the texts of documents. Votes of one node differ in few fields from the vote before: what is written is the
 * template's number, the time, and place and value of each field that differs.
 */
export function createDocumentWriter(): DocumentWriter {
  const templates = new Map<string, Map<string, Known>>();
  const ofBlocks = new WeakMap<Document["fields"], Template>();
  let size = 0;
  let nextId = 0;

  const makeTemplate = (document: Document, like: Map<string, Known>, node: string): Known => {
    const names = Object.keys(document.fields);
    const values = names.map((name) => document.fields[name]);
    const fields = Object.fromEntries(names.map((name, i) => [name, values[i] ?? null]));
    const template = { id: nextId, text: JSON.stringify({ ...document, fields }), names, values };
    nextId += 1;
    if (!like.has(node)) size += 1;
    like.set(node, template);
    return template;
  };

  /** What all rows say is a template of its own. */
  const blockText = (block: DocumentBlock): DocumentText => {
    let template = ofBlocks.get(block.fields);
    if (template === undefined) {
      const { dataset, fields, slotStartUs } = block;
      template = { id: nextId, text: JSON.stringify({ dataset, timestampUs: slotStartUs, fields }) };
      nextId += 1;
      ofBlocks.set(block.fields, template);
    }
    const rows = Object.fromEntries(Object.entries(block.rows).map(([name, values]) => [name, base64(values)]));
    const text = JSON.stringify({ like: template.id, timestampsUs: base64(block.timestampsUs), rows });
    return { text, template, count: countOf(block) };
  };

  return (document) => {
    if (isBlock(document)) return blockText(document);
    const { dataset, timestampUs, id, fields } = document;
    const node = fields["observer.name"];
    if (id !== undefined || typeof node !== "string" || !Number.isSafeInteger(timestampUs)) return wholeOf(document);
    if (size > MAX_TEMPLATES) {
      templates.clear();
      size = 0;
    }
    let like = templates.get(dataset);
    if (like === undefined) {
      like = new Map();
      templates.set(dataset, like);
    }
    const template = like.get(node);
    const changes = template === undefined ? undefined : changesOf(template, fields);
    if (template !== undefined && changes !== undefined) {
      if (changes.length > MAX_CHANGES_LENGTH) return wholeOf(document);
      return { text: `[${template.id},${timestampUs}${changes}]`, template, count: 1 };
    }
    const whole = wholeOf(document);
    if (whole.text.length <= MAX_CHANGES_LENGTH) makeTemplate(document, like, node);
    return whole;
  };
}

function wholeOf(document: Document): DocumentText {
  return { text: JSON.stringify(document), count: 1 };
}

function base64(values: Uint32Array | Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

/** The bytes of `base64` in memory of their own, since an array of numbers must begin at a multiple of their length. */
function bytesOf(text: string): ArrayBuffer {
  const bytes = Buffer.from(text, "base64");
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** Undefined where the fields are others, or too much differs. */
function changesOf({ names, values }: Known, fields: Document["fields"]): string | undefined {
  let place = 0;
  let count = 0;
  let changes = "";
  for (const name in fields) {
    if (names[place] !== name) return undefined;
    const value = fields[name];
    if (value !== values[place]) {
      if (count === MAX_CHANGES) return undefined;
      count += 1;
      changes += `,${place},${value === undefined ? "null" : JSON.stringify(value)}`;
    }
    place += 1;
  }
  return place === names.length ? changes : undefined;
}

/** The text of a frame: a list of documents, or with the templates that they need. */
export function joinTexts(texts: readonly DocumentText[]): string {
  if (texts.length === 0) return "";
  const templates = new Map<number, string>();
  for (const { template } of texts) if (template !== undefined) templates.set(template.id, template.text);
  const documents = `[${texts.map(({ text }) => text).join(",")}]`;
  if (templates.size === 0) return documents;
  const entries = [...templates].map(([id, text]) => `"${id}":${text}`);
  return `{"templates":{${entries.join(",")}},"documents":${documents}}`;
}

type Changes = readonly [template: number, timestampUs: number, ...changes: Json[]];
type BlockRows = { like: number; timestampsUs: string; rows: Readonly<Record<string, string>> };

/** The documents of a frame's text. Throws a `SyntaxError` where it is no JSON. */
export function readTexts(text: string): readonly Storable[] {
  const read = JSON.parse(text) as
    | readonly Document[]
    | { templates: Readonly<Record<string, Document>>; documents: readonly (Document | Changes | BlockRows)[] };
  if (!("templates" in read)) return read;
  const names = new Map<number, readonly string[]>();
  return read.documents.map((entry) => {
    if (!Array.isArray(entry)) return "like" in entry ? readBlock(entry, read.templates) : (entry as Document);
    const [id, timestampUs] = entry as unknown as Changes;
    const template = read.templates[id] as Document;
    let own = names.get(id);
    if (own === undefined) {
      own = Object.keys(template.fields);
      names.set(id, own);
    }
    const fields: Record<string, Json | undefined> = { ...template.fields };
    for (let at = 2; at < entry.length; at += 2) fields[own[entry[at] as number] as string] = entry[at + 1] as Json;
    return { dataset: template.dataset, timestampUs, fields };
  });
}

function readBlock(
  { like, timestampsUs, rows }: BlockRows,
  templates: Readonly<Record<string, Document>>,
): DocumentBlock {
  const { dataset, timestampUs: slotStartUs, fields } = templates[like] as Document;
  const read = Object.entries(rows).map(([name, values]) => [name, new Uint32Array(bytesOf(values))] as const);
  return {
    dataset,
    fields,
    slotStartUs,
    timestampsUs: new Float64Array(bytesOf(timestampsUs)),
    rows: Object.fromEntries(read),
  };
}
