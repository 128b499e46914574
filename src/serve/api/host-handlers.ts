import { Fault } from "../../lib/fault.ts";
import type { Store } from "../../store/store.ts";
import { readHosts } from "../hosts/read-hosts.ts";
import { spanOfSlot, spanOfTime } from "../hosts/span.ts";
import type { HostsAnswer, NetworkView } from "../views.ts";

/** The span where none is asked for. */
const HOUR_MS = 3_600_000;

type Asked = {
  store: Pick<Store, "search">;
  network: NetworkView;
  allNodes: readonly string[];
  /** Those to answer for; all of them where it is left out. */
  nodes?: readonly string[];
  nowMs: number;
  signal: AbortSignal;
};

/** The nodes' servers over a span. Throws `parameter_invalid` where it ends before it begins. */
export async function readNodeHosts(
  asked: Asked,
  query: { from?: number | undefined; to?: number | undefined },
): Promise<HostsAnswer> {
  const { network, nodes = asked.allNodes, nowMs } = asked;
  const toMs = query.to ?? nowMs;
  const fromMs = query.from ?? Math.max(0, toMs - HOUR_MS);
  if (fromMs >= toMs) {
    throw new Fault("parameter_invalid", `The query parameter "from" must be a time before "to", which is ${toMs}.`);
  }
  return readHosts(
    { ...asked, network: network.name, nodes },
    { span: spanOfTime(network, { fromMs, toMs }), axis: network },
  );
}

/** The nodes' servers around a slot. Throws `slot_unknown` for one that has not begun. */
export async function readSlotHosts(asked: Asked, slot: number): Promise<HostsAnswer> {
  const { network, nodes = asked.allNodes, nowMs } = asked;
  const span = spanOfSlot(network, slot);
  if (slot < 0)
    throw new Fault("slot_unknown", `There is no slot before genesis, which is slot 0: ${slot} was asked for.`);
  if (span.originMs > nowMs) throw new Fault("slot_unknown", `Slot ${slot} has not begun.`);
  return readHosts({ ...asked, network: network.name, nodes }, { span, axis: network });
}
