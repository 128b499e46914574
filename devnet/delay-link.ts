import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "./ports.ts";

export type LinkState = {
  up: boolean;
  /** From the dialler to the target. */
  delayOutMs: number;
  /** From the target to the dialler. */
  delayInMs: number;
};

/** A way for TCP connections through this process, on which they can be delayed or cut. */
export type DelayLink = {
  port: number;
  /** Taking a link down resets its connections and refuses new ones. */
  set(state: Partial<LinkState>): void;
  close(): Promise<void>;
};

/** A sender has to wait while this much is on its way. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** Opens a free loopback port; what connects to it is joined with `targetPort`. */
export async function openDelayLink(targetPort: number): Promise<DelayLink> {
  const state: LinkState = { up: true, delayOutMs: 0, delayInMs: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (dialler) => {
    if (!state.up) {
      dialler.on("error", () => undefined);
      dialler.resetAndDestroy();
      return;
    }
    const target = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [dialler, target]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on("close", () => sockets.delete(socket));
    }
    pipeDelayed({ from: dialler, to: target, delayMs: () => state.delayOutMs });
    pipeDelayed({ from: target, to: dialler, delayMs: () => state.delayInMs });
  });
  const resetAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: await listenOnLoopback(server),
    set(changes) {
      Object.assign(state, changes);
      if (!state.up) resetAll();
    },
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      resetAll();
      await ended;
    },
  };
}

/** Order is kept: nothing is due before what was sent before it, whatever the delay is set to meanwhile. */
function pipeDelayed(input: { from: Socket; to: Socket; delayMs: () => number }): void {
  const { from, to, delayMs } = input;
  const pieces: { dueMs: number; data: Buffer | undefined }[] = [];
  let heldBytes = 0;
  let lastDueMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const throttle = () => {
    if (heldBytes + to.writableLength > MAX_HELD_BYTES) from.pause();
    else from.resume();
  };
  const flush = () => {
    timer = undefined;
    for (let piece = pieces[0]; piece !== undefined && piece.dueMs <= performance.now(); piece = pieces[0]) {
      pieces.shift();
      heldBytes -= piece.data?.length ?? 0;
      if (piece.data === undefined) to.end();
      else to.write(piece.data);
    }
    throttle();
    const next = pieces[0];
    if (next !== undefined) timer = setTimeout(flush, Math.max(0, next.dueMs - performance.now()));
  };
  const push = (data: Buffer | undefined) => {
    lastDueMs = Math.max(lastDueMs, performance.now() + delayMs());
    pieces.push({ dueMs: lastDueMs, data });
    heldBytes += data?.length ?? 0;
    if (timer === undefined) flush();
    else throttle();
  };

  from.on("data", push);
  from.on("end", () => push(undefined));
  from.on("error", () => to.destroy());
  from.on("close", () => {
    // An orderly end is one of the pieces, and may have to wait for its time.
    if (!from.readableEnded) to.destroy();
  });
  to.on("drain", throttle);
  to.on("close", () => clearTimeout(timer));
}
