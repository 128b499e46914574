import { clientMark } from "../lib/client-palette.ts";

/** Two letters in the client's colour, the same on every chart. */
export function ClientChip({ client }: { client: string | null }) {
  const { colour, short } = clientMark(client);
  return (
    <span className="client-chip" style={{ color: colour }} title={client ?? "unknown client"}>
      {short}
    </span>
  );
}
