/** Each client's place in the palette of eight (`--client-0` to `--client-7`) and its abbreviation: fixed everywhere. */
const CLIENTS: Readonly<Record<string, { place: number; short: string }>> = {
  lighthouse: { place: 0, short: "LH" },
  teku: { place: 1, short: "TK" },
  prysm: { place: 2, short: "PR" },
  nimbus: { place: 3, short: "NB" },
  lodestar: { place: 4, short: "LS" },
  grandine: { place: 5, short: "GR" },
  caplin: { place: 6, short: "CP" },
  erigon: { place: 6, short: "CP" },
};

const OTHER_PLACE = 7;

export type ClientMark = { colour: string; short: string };

/** The colour (a CSS value) and the two letters of a client family. */
export function clientMark(client: string | null): ClientMark {
  const known = client === null ? undefined : CLIENTS[client.toLowerCase()];
  const short =
    known?.short ??
    (client
      ?.replace(/[^a-z0-9]/gi, "")
      .slice(0, 2)
      .toUpperCase() ||
      "?");
  return { colour: `var(--client-${known?.place ?? OTHER_PLACE})`, short };
}
