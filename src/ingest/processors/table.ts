import { convertProcessor } from "./convert.ts";
import { dateProcessor } from "./date.ts";
import { dissectProcessor, grokProcessor, jsonProcessor } from "./extract.ts";
import { appendProcessor, removeProcessor, renameProcessor, setProcessor } from "./fields.ts";
import { dropProcessor, failProcessor, foreachProcessor, pipelineProcessor } from "./flow.ts";
import { kvProcessor } from "./kv.ts";
import type { ProcessorKind, ProcessorOption } from "./processor.ts";
import {
  gsubProcessor,
  joinProcessor,
  lowercaseProcessor,
  splitProcessor,
  trimProcessor,
  uppercaseProcessor,
} from "./text.ts";

/** Every kind of processor that there is; docs/pipelines.md is made from it. */
export const processorKinds: readonly ProcessorKind[] = [
  appendProcessor,
  convertProcessor,
  dateProcessor,
  dissectProcessor,
  dropProcessor,
  failProcessor,
  foreachProcessor,
  grokProcessor,
  gsubProcessor,
  joinProcessor,
  jsonProcessor,
  kvProcessor,
  lowercaseProcessor,
  pipelineProcessor,
  removeProcessor,
  renameProcessor,
  setProcessor,
  splitProcessor,
  trimProcessor,
  uppercaseProcessor,
];

/** Options that every processor has. */
export const commonOptions: readonly ProcessorOption[] = [
  { name: "if", words: "a condition; where it does not hold the processor is passed over" },
  { name: "ignore_failure", words: "goes on when the processor fails", preset: "false" },
  { name: "on_failure", words: "processors that run when it fails; the document then goes on" },
  { name: "tag", words: "names the processor in errors" },
  { name: "description", words: "for readers" },
];

/** Processors of Elasticsearch that are refused by name, each with its reason. */
export const refusedProcessors: Readonly<Record<string, string>> = {
  script: "scripts are programs: use set, convert, grok, kv and conditions",
  geoip: "there is no database of places",
  ip_location: "there is no database of places",
  user_agent: "there is no database of user agents",
  enrich: "there are no enrich policies",
  inference: "there are no trained models",
  attachment: "documents of office programs are not read",
};
