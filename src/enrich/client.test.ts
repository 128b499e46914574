import { expect, test } from "vitest";
import { clientOf } from "./client.ts";

// As the clients answer `node/version`.
test.each([
  ["Lighthouse/v7.1.0-cfb1f73/x86_64-linux", "Lighthouse", "v7.1.0-cfb1f73"],
  ["Prysm/v6.0.4 (linux amd64)", "Prysm", "v6.0.4"],
  ["teku/v25.7.1/linux-x86_64/-eclipseadoptium-openjdk64bitservervm-java-21", "Teku", "v25.7.1"],
  ["teku/teku/v25.7.1+12-gabcdef/linux-x86_64", "Teku", "v25.7.1+12-gabcdef"],
  ["Nimbus/v25.7.1-96bfc0-stateofus", "Nimbus", "v25.7.1-96bfc0-stateofus"],
  ["Lodestar/v1.33.0/ffd7efa", "Lodestar", "v1.33.0"],
  ["Lodestar/v1.5.1/1234567", "Lodestar", "v1.5.1"],
  ["Grandine/1.1.4-2a4f9ea/x86_64-linux", "Grandine", "1.1.4-2a4f9ea"],
  ["Caplin/v3.0.15 (linux amd64)", "Caplin", "v3.0.15"],
  ["erigon/3.0.15/linux-amd64/go1.24", "Caplin", "3.0.15"],
  ["EmDevnode/0.1.0 (lodestar-libs 1.46.0; geth)", "EmDevnode", "0.1.0"],
  ["  Lighthouse/v7.1.0  ", "Lighthouse", "v7.1.0"],
  ["SomethingNew", "SomethingNew", "SomethingNew"],
  ["", "unknown", ""],
])("%j is %s %s", (text, family, version) => {
  expect(clientOf(text)).toEqual({ family, version });
});
