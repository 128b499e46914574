import type { ChannelsAnswer, ChannelView } from "../../../../src/serve/views.ts";
import { isTroubled, KIND_WORDS, reachesSomebody } from "../../lib/alert-words.ts";
import { capitalized, formatCount, formatDuration, formatUtcTime, sentenceOf } from "../../lib/format.ts";
import { shownText } from "../../lib/safe-text.ts";
import type { Answer } from "../../lib/use-answer.ts";
import { Moment } from "../moment.tsx";
import { Panel } from "../panel.tsx";
import { ScrollTable } from "../scroll-table.tsx";

/** A channel for people: its kind, its name where that says more, and who gets its mails. */
export function channelWords({ kind, name, to = [] }: Pick<ChannelView, "kind" | "name" | "to">): string {
  const words = KIND_WORDS[kind];
  const named = name === "" || name === kind || name === words ? words : `${words} ${shownText(name)}`;
  return to.length === 0 ? named : `${named} to ${to.map(shownText).join(", ")}`;
}

/** What a channel's trouble is: since when, why, and what waits. */
export function ChannelTrouble({ channel, nowMs }: { channel: ChannelView; nowMs: number }) {
  const { failing_since_ms, last_failure, waiting } = channel;
  return (
    <>
      <strong>Nothing gets through by {channelWords(channel)}</strong>{" "}
      {failing_since_ms !== null && (
        <>
          since {formatUtcTime(failing_since_ms)} UTC, {formatDuration(nowMs - failing_since_ms)}:{" "}
          {last_failure === null ? "it gave no reason." : sentenceOf(shownText(last_failure))}{" "}
          {waiting === 0
            ? "Nothing waits for it."
            : `${formatCount(waiting, "message waits and is", "messages wait and are")} tried again.`}
        </>
      )}
    </>
  );
}

/** Every way in which somebody can be told, and how it fares. */
export function ChannelList({ channels, nowMs }: { channels: Answer<ChannelsAnswer>; nowMs: number }) {
  return (
    <Panel title="Channels" hint="How alerts are told, and what got through since the start." className="channels">
      {channels.kind === "loading" && <span className="bone" />}
      {channels.kind === "failed" && (
        <p className="empty">The channels could not be read: {sentenceOf(channels.fault.message)}</p>
      )}
      {channels.kind === "ready" && <Channels channels={channels.answer.channels} nowMs={nowMs} />}
    </Panel>
  );
}

function Channels({ channels, nowMs }: { channels: readonly ChannelView[]; nowMs: number }) {
  const configured = channels.filter((one) => one.configured);
  const others = [...new Set(channels.filter((one) => !one.configured).map(channelWords))];
  return (
    <>
      {!reachesSomebody(channels) && (
        <p className="channel-hint">
          Nobody is told yet: alerts are shown here and written to the log. The section <code>alerts</code> of the
          configuration names where else they go; docs/config.md has it.
        </p>
      )}
      {configured.length > 0 && (
        <ScrollTable label="Channels">
          <thead>
            <tr>
              <th scope="col">Channel</th>
              <th scope="col" className="right">
                Delivered
              </th>
              <th scope="col" className="right">
                Failed
              </th>
              <th scope="col" className="right">
                Waiting
              </th>
              <th scope="col">Last failure</th>
            </tr>
          </thead>
          <tbody>
            {configured.map((channel) => (
              <tr key={channelWords(channel)}>
                <th scope="row">
                  <span className={isTroubled(channel) ? "state down" : "state"}>
                    {capitalized(channelWords(channel))}
                  </span>
                </th>
                <td className="right number">{channel.delivered}</td>
                <td className="right number">{channel.failed}</td>
                <td className="right number">{channel.waiting}</td>
                <td className="wraps">
                  {channel.last_failure === null ? (
                    <span className="muted">none</span>
                  ) : (
                    <>
                      {channel.last_failure_ms !== null && (
                        <>
                          <Moment timeMs={channel.last_failure_ms} nowMs={nowMs} />:{" "}
                        </>
                      )}
                      {shownText(channel.last_failure)}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
      {others.length > 0 && <p className="hint">Not configured: {others.join(", ")}.</p>}
    </>
  );
}
