import type { Dataset } from "../../events/dataset.ts";
import { quarantineDataset } from "../../events/quarantine.ts";
import { Fault } from "../../lib/fault.ts";
import { ID_COLUMN, SEQ_COLUMN } from "./tables.ts";

/** Refuses, with `store_catalogue`, descriptions that cannot become tables and nested documents. */
export function checkDatasets(datasets: readonly Dataset[]): void {
  const names = new Set<string>();
  for (const dataset of datasets) {
    if (names.has(dataset.name)) throw catalogueFault(`The dataset ${dataset.name} is described twice`);
    names.add(dataset.name);
    checkColumns(dataset);
  }
  if (!names.has(quarantineDataset.name)) throw catalogueFault(`There is no dataset ${quarantineDataset.name}`);
}

function checkColumns({ name: dataset, columns }: Dataset): void {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) throw catalogueFault(`The field ${name} of ${dataset} is described twice`);
    if (name === SEQ_COLUMN || name === ID_COLUMN)
      throw catalogueFault(`The field ${name} of ${dataset} is the store's own`);
    names.add(name);
  }
  for (const name of names) {
    for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
      const parent = name.slice(0, dot);
      if (names.has(parent)) throw catalogueFault(`The field ${parent} of ${dataset} is a value and holds ${name}`);
    }
  }
}

function catalogueFault(sentence: string): Fault {
  return new Fault("store_catalogue", sentence);
}
