import type { AlertEngine } from "../engine/engine.ts";

/** What happens at a moment of the past; steps come in the order of time. */
export type BacktestStep = { atMs: number; take(engine: AlertEngine): void };
