import type { AlertDesk } from "../../alert/desk.ts";
import type { DocumentReader, ForeignSink, IndexAdmin, PipelineBook } from "../../events/foreign.ts";
import type { KeyStore } from "../access/key-store.ts";
import type { SearchBackend } from "./search-backend.ts";
import type { SettingsBook } from "./settings-book.ts";

/** What the face speaks for. */
export type FacePorts = {
  sink: ForeignSink;
  reader: DocumentReader;
  admin: IndexAdmin;
  search: SearchBackend;
  pipelines: PipelineBook;
  settings: SettingsBook;
  keys: KeyStore;
  /** The running rules, which Watcher's paths speak of; without it there are no such paths. */
  desk?: AlertDesk | undefined;
};
