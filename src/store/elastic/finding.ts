/** What differs from what the catalogue says, or is worth knowing, in one sentence that also says what to do. */
export type Finding = { kind: "difference" | "remark"; index?: string; sentence: string };
