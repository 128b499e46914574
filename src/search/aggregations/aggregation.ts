import type { Json } from "../../events/document.ts";
import type { SqlResult } from "../hits/sql-result.ts";
import type { SqlValues, Statement } from "../sql-values.ts";
import type { Columns, Relation } from "./columns.ts";
import type { AggResult, Bucket, Results } from "./result.ts";

/** An aggregation after parsing. */
export type Aggregation = {
  name: string;
  meta?: { readonly [key: string]: Json };
  children: readonly Aggregation[];
} & (
  | { family: "bucket"; plan(context: BucketPlanContext): PlannedBuckets }
  | { family: "metric"; plan(context: PlanContext): PlannedMetric }
  | { family: "documents"; plan(context: PlanContext): PlannedDocuments }
  | { family: "pipeline"; pipeline: Pipeline }
);

export type PlanContext = { columns: Columns; nowMs: number };

export type BucketPlanContext = PlanContext & {
  /** A name for a key column that no other bucket aggregation has. */
  keyName(): string;
  /** SQL of what inner buckets are ordered by; undefined for a path that leads to no number. */
  orderSql(path: string): string | undefined;
};

/** A column of keys that a bucket aggregation adds. */
export type KeyColumn = { name: string; sqlType: string };

/** The documents of the buckets above, each with the keys of its bucket. A document may stand in several. */
export type Level = {
  relation: Relation;
  keys: readonly KeyColumn[];
};

export type Run = (statement: Statement) => Promise<SqlResult[][]>;

/** One group of documents: the keys that its aggregation added, how many, and the numbers of its metrics. */
export type BucketRow = { keys: readonly SqlResult[]; count: number; total: number; metrics: readonly SqlResult[] };

/** Inner results of a bucket; of one without documents those of nothing. */
export type InnerResults = (row: BucketRow | undefined) => Results;

export type PlannedBuckets = {
  keys: readonly KeyColumn[];
  /** Of an aggregation that makes one bucket, without keys: what its documents have in common. */
  condition?: string;
  /** Buckets without a document are there to fill gaps between others. */
  fillsGaps?: boolean;
  /** To find which documents are in which bucket is much work. */
  isCostly?: boolean;
  /** Looks at the documents before the buckets are made. */
  prepare?(level: Level, run: Run): Promise<void>;
  relation(level: Level): Relation;
  /** Only the first buckets in an order are wanted, of each bucket above. */
  selection?: { orderBy: string; size: number; minDocCount: number; having?(values: SqlValues): string };
  /** Keys that make a bucket even without a document, in their order. */
  everyKey?(run: Run): Promise<SqlResult[][]>;
  shape(rows: readonly BucketRow[], inner: InnerResults, pathOf: string): AggResult;
};

export type PlannedMetric = {
  /** SQL of aggregate functions over the rows of a level; `where` is empty or a FILTER clause for each of them. */
  sql(where: string): readonly string[];
  /** The result of the numbers in the order of `sql`; of nothing without them. */
  shape(values: readonly SqlResult[] | undefined): AggResult;
  /** SQL of one of the numbers for ordering buckets. */
  orderSql(property: string | undefined, where: string): string | undefined;
};

/** The first documents of each bucket in an order. */
export type PlannedDocuments = {
  size: number;
  from: number;
  /** Columns whose values are wanted beside place and position. */
  columns: readonly string[];
  orderBy: readonly string[];
  /** Documents that are left out. */
  where?: string;
  /** Reads more about the rows that were found, once for all buckets. */
  fetch?(rows: readonly (readonly SqlResult[])[], run: Run): Promise<void>;
  /** Rows of place, position and the columns; and how many documents the bucket has. */
  shape(rows: readonly (readonly SqlResult[])[], docCount: number): AggResult;
};

/** Works on results that are there already: within each bucket of its parent, or on the parent's list of buckets. */
export type Pipeline = { paths: readonly string[] } & (
  | { kind: "sibling"; apply(results: Results): AggResult }
  | { kind: "parent"; apply(buckets: Bucket[], name: string, parent: AggResult): Bucket[] }
);
