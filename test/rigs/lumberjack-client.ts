import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { deflateSync } from "node:zlib";
import { until } from "./until.ts";

/** A sender of Lumberjack v2 that can also say what no sender should. */
export type LumberjackClient = {
  send(...frames: readonly Buffer[]): void;
  /** Every acknowledgement so far, keep-alives (0) included. */
  readonly acks: number[];
  /** Resolves when an acknowledgement of this sequence number has come. */
  acked(sequence: number): Promise<void>;
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
};

export async function connectLumberjack(port: number, tls?: ConnectionOptions): Promise<LumberjackClient> {
  const socket = tls === undefined ? connect(port, "127.0.0.1") : connectTls({ port, host: "127.0.0.1", ...tls });
  const acks: number[] = [];
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 6; rest = rest.subarray(6)) {
      if (rest.toString("latin1", 0, 2) !== "2A") throw new Error("The server sent something else than 2A");
      acks.push(rest.readUInt32BE(2));
    }
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await Promise.race([
    once(socket, tls === undefined ? "connect" : "secureConnect"),
    // A refusal may come first; the tests look at `closed`.
    closed,
  ]);
  socket.on("error", () => {});
  return {
    send: (...frames) => void socket.write(Buffer.concat(frames)),
    acks,
    acked: (sequence) => until(`acknowledgement ${sequence}`, () => acks.includes(sequence)),
    socket,
    closed,
  };
}

export function windowFrame(size: number): Buffer {
  return Buffer.concat([Buffer.from("2W"), uint32(size)]);
}

export function jsonFrame(sequence: number, event: unknown): Buffer {
  const payload = Buffer.from(typeof event === "string" ? event : JSON.stringify(event));
  return Buffer.concat([Buffer.from("2J"), uint32(sequence), uint32(payload.length), payload]);
}

export function compressedFrame(...frames: readonly Buffer[]): Buffer {
  const payload = deflateSync(Buffer.concat(frames));
  return Buffer.concat([Buffer.from("2C"), uint32(payload.length), payload]);
}

export function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
