import { isTroubled } from "../../lib/alert-words.ts";
import { formatCount, sentenceOf } from "../../lib/format.ts";
import { ruleCounts } from "../../lib/rule-words.ts";
import type { AlertDeskState } from "../../lib/use-alert-desk.ts";
import { Link } from "../link.tsx";
import { ChannelTrouble, channelWords } from "./channel-list.tsx";

/** What keeps alerts from being raised or told: stands above all else. */
export function AlertTroubles({ desk, nowMs }: { desk: AlertDeskState; nowMs: number }) {
  const { rules, channels } = desk;
  const troubled = channels.kind === "ready" ? channels.answer.channels.filter(isTroubled) : [];
  const unjudged = rules.kind === "ready" ? ruleCounts(rules.answer.rules).unjudged : 0;
  return (
    <>
      {rules.kind === "failed" && (
        <p className="trouble" role="alert">
          <strong>No rule is checked now.</strong> {sentenceOf(rules.fault.message)} Stored alerts are shown all the
          same.
        </p>
      )}
      {rules.kind === "ready" && !rules.answer.running && (
        <p className="trouble" role="alert">
          <strong>No rule is checked:</strong> Watcher was stopped. <code>POST /_watcher/_start</code> starts it again.
        </p>
      )}
      {troubled.map((channel) => (
        <section key={channelWords(channel)} className="trouble" aria-label={`Channel ${channelWords(channel)}`}>
          <ChannelTrouble channel={channel} nowMs={nowMs} />
        </section>
      ))}
      {unjudged > 0 && (
        <p className="trouble mild">
          <strong>{formatCount(unjudged, "rule cannot judge", "rules cannot judge")} now:</strong> our own data are not
          good enough. <Link to="/rules?show=unjudged">Which, and why</Link>
        </p>
      )}
    </>
  );
}
