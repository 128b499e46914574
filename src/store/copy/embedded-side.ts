import { resolve } from "node:path";
import type { Dataset } from "../../events/dataset.ts";
import type { Document } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { parseJsonExact } from "../../lib/json.ts";
import type { Log } from "../../lib/log.ts";
import { documentValues } from "../../search/document-values.ts";
import { directoryName } from "../elastic/claim.ts";
import { createEmbeddedStore } from "../embedded/embedded-store.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import { TOGETHER_LENGTH } from "../journal.ts";
import { otherKind } from "./copied-indices.ts";
import { mergedMapping } from "./merged-mapping.ts";
import type { CopiedDocument, CopiedIndex, Progress, SeqRange, Side, Writer } from "./side.ts";
import { documentOfSource } from "./source-document.ts";

const QUERY_LIMIT_MS = 600_000;
/** So many documents are behind in the database at most. */
const SETTLE_EVERY = 50_000;
/** The journal's frames count their documents. */
const BATCH_DOCUMENTS = 1_000;

/** An embedded store, read and written through its port. Rejects with what `createEmbeddedStore` rejects with. */
export async function openEmbeddedSide(input: {
  directory: string;
  network: string;
  datasets: readonly Dataset[];
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<Side & { writerOf(documentOf: (progress: Progress) => Document): Writer }> {
  const { network, datasets, clock, log, signal } = input;
  const directory = resolve(input.directory);
  const store = await createEmbeddedStore({
    directory,
    network,
    datasets,
    clock,
    log,
    queryLimitMs: QUERY_LIMIT_MS,
  });
  const settled = () => store.settled(signal);

  const search: Side["search"] = (pattern, request) =>
    store.search(pattern, request, { params: { ignoreMissing: true }, signal });
  try {
    await settled();
    return {
      kind: "embedded",
      place: directory,
      network,
      identity: await directoryName(directory),
      upTo: async () => store.state().journaled,
      search,
      async sent({ name }, documents) {
        const ids = documents.map(({ id }) => id);
        const timestampsUs = documents.map(({ timestampUs }) => timestampUs);
        const known = timestampsUs.every((timestampUs) => timestampUs > 0);
        return new Map(await store.foreign.lookup({ index: name, ids, signal, ...(known ? { timestampsUs } : {}) }));
      },
      close: () => store.close(),
      writerOf,
    };
  } catch (error) {
    await store.close();
    throw error;
  }

  function writerOf(documentOf: (progress: Progress) => Document): Writer {
    let behind = 0;
    const made = new Map<string, ForeignIndex>();

    /** Documents and where copying is with them stand in one frame of the journal. */
    const append = async (
      index: CopiedIndex,
      documents: readonly CopiedDocument[],
      before: Progress,
    ): Promise<Progress> => {
      const first = store.state().journaled + 1;
      const noted = notedWith(before, { documents, first, last: first + documents.length });
      const note = documentOf(noted);
      if (index.own !== undefined) {
        const dataset = index.own;
        await store.append([note, ...documents.map((one) => documentOfSource(dataset, one))], { together: true });
      } else {
        const records = documents.map((document) => recordOf(index.foreign, document));
        await store.foreign.append({ indices: [], records, together: [note] });
      }
      behind += documents.length;
      if (behind >= SETTLE_EVERY) {
        await settled();
        behind = 0;
      }
      return noted;
    };

    return {
      async begin({ foreign }) {
        if (foreign === undefined) return;
        const known = (await store.foreign.indices(signal)).find(({ name }) => name === foreign.name);
        if (known !== undefined && known.kind !== foreign.kind) {
          throw otherKind(known, foreign, directory);
        }
        const mapping = known === undefined ? foreign.mapping : mergedMapping(known.mapping, foreign.mapping);
        const index = { ...foreign, mapping };
        made.set(foreign.name, index);
        if (known === undefined || JSON.stringify(known.mapping) !== JSON.stringify(mapping)) {
          await store.foreign.append({ indices: [index], records: [] });
        }
      },
      async write({ index, documents, progress }) {
        let stands = progress;
        let batch: CopiedDocument[] = [];
        let length = 0;
        for (const document of documents) {
          signal.throwIfAborted();
          const own = lengthOf(document);
          if (batch.length > 0 && (length + own > TOGETHER_LENGTH / 2 || batch.length >= BATCH_DOCUMENTS)) {
            stands = await append(index, batch, stands);
            batch = [];
            length = 0;
          }
          batch.push(document);
          length += own;
        }
        return batch.length === 0 ? stands : append(index, batch, stands);
      },
      settled,
    };

    function recordOf(index: ForeignIndex, { id, timestampUs, sent, source }: CopiedDocument): ForeignRecord {
      const { name, kind, mapping } = made.get(index.name) ?? index;
      const text = sent?.text ?? JSON.stringify(source);
      return {
        index: name,
        kind,
        timestampUs,
        id,
        version: sent?.version ?? 1,
        source: text,
        values: documentValues(parseJsonExact(text) as JsonObject, searchMappingOf(mapping)),
      };
    }
  }
}

/** Progress after documents that stand, with its own note before them, from `first` to `last`. */
function notedWith(
  { index, documents: count, ranges }: Progress,
  { documents, first, last }: { documents: readonly CopiedDocument[]; first: number; last: number },
): Progress {
  const latest = ranges.at(-1);
  // Nobody else wrote between two batches that follow each other.
  const joined: SeqRange[] =
    latest !== undefined && latest[1] === first - 1
      ? [...ranges.slice(0, -1), [latest[0], last]]
      : [...ranges, [first, last]];
  return { index, after: documents.at(-1)?.seq ?? -1, documents: count + documents.length, ranges: joined };
}

/** About what it takes in the journal: documents of others stand there with their values beside. */
function lengthOf({ source, sent }: CopiedDocument): number {
  return sent === undefined ? JSON.stringify(source).length : 2 * sent.text.length;
}
