import { useCallback, useEffect, useMemo, useState } from "react";
import type { AlertRecord, AlertsAnswer } from "../../../src/serve/views.ts";
import { AcknowledgeAll } from "../components/alert/acknowledge-all.tsx";
import { AlertDetail } from "../components/alert/alert-detail.tsx";
import { AlertFilters } from "../components/alert/alert-filters.tsx";
import { AlertSections } from "../components/alert/alert-sections.tsx";
import { AlertTroubles } from "../components/alert/alert-troubles.tsx";
import { ChannelList } from "../components/alert/channel-list.tsx";
import { NotHere } from "../components/alert/not-here.tsx";
import { Quiet } from "../components/alert/quiet.tsx";
import { SilenceList } from "../components/alert/silence-list.tsx";
import { FaultNotice } from "../components/fault-notice.tsx";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { AlertsSkeleton } from "../components/skeleton.tsx";
import { alertApi } from "../lib/alert-api.ts";
import {
  isFiltered,
  quietSinceMs,
  readAlertFilter,
  type AlertSections as Sections,
  sectionsOf,
} from "../lib/alert-filter.ts";
import { sentenceOf } from "../lib/format.ts";
import type { LiveView } from "../lib/live-store.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { useLocation } from "../lib/router.ts";
import { silenceOf } from "../lib/silence-words.ts";
import { useAlertDesk } from "../lib/use-alert-desk.ts";
import { type Answer, useAnswer } from "../lib/use-answer.ts";
import { useMode } from "../lib/use-mode.ts";

/** What is over is shown by so many at first, and up to the API's limit. */
const FEW_OVER = 25;
const MOST_OVER = 1000;
const NONE: readonly AlertRecord[] = [];

/** The alerts, and one of them in full: that of the address, else the first. */
export function AlertsPage({ view, id }: { view: LiveView; id: string | undefined }) {
  const mode = useMode();
  if (!mode.told || view.phase.kind === "loading") return <AlertsSkeleton />;
  return mode.public ? <NotHere heading="Alerts" /> : <Alerts view={view} id={id} writes={mode.writes} />;
}

function Alerts({ view, id, writes }: { view: LiveView; id: string | undefined; writes: boolean }) {
  const { phase, state } = view;
  const location = useLocation();
  const address = location.query.toString();
  const filter = useMemo(() => readAlertFilter(new URLSearchParams(address)), [address]);
  const [limit, setLimit] = useState(FEW_OVER);
  const nowMs = useNowMs(1000);
  const desk = useAlertDesk();
  const askOver = useCallback(
    (signal: AbortSignal) => alertApi.alerts({ state: "over", filter, limit }, signal),
    [filter, limit],
  );
  const over = useAnswer(askOver, undefined);
  const isLive = id === undefined || state.alerts.has(id);
  const askOne = useMemo(
    () => (isLive ? undefined : (signal: AbortSignal) => alertApi.alert(id, signal)),
    [id, isLive],
  );
  const one = useAnswer(askOne, undefined);
  const stored = over.kind === "ready" ? over.answer.alerts : NONE;
  const sections = useMemo(
    () => sectionsOf([...stored, ...state.alerts.values()], filter),
    [stored, state.alerts, filter],
  );
  const silences = desk.silences.kind === "ready" ? desk.silences.answer.silences : [];
  const rules = desk.rules.kind === "ready" ? desk.rules.answer.rules : [];
  const fetched = one.kind === "ready" ? one.answer.alert : undefined;
  const first = useFirst(sections);
  const shown = id === undefined ? first : (state.alerts.get(id) ?? fetched);
  const nodes = [...new Set([...state.nodes.keys(), ...(filter.node === undefined ? [] : [filter.node])])].sort();
  const query = address === "" ? "" : `?${address}`;
  return (
    <div className={id === undefined ? "alerts-page only-list" : "alerts-page only-one"}>
      {id === undefined && <h1 className="visually-hidden">Alerts</h1>}
      <div className="alert-troubles">
        <AlertTroubles desk={desk} nowMs={nowMs} />
      </div>
      <div className="alerts-side">
        <AlertFilters location={location} filter={filter} rules={rules} nodes={nodes} />
        <AlertSections
          sections={sections}
          shown={shown?.id}
          own={id !== undefined}
          query={query}
          silences={silences}
          titleOf={desk.titleOf}
          nowMs={nowMs}
          tools={writes && <AcknowledgeAll alerts={sections.open} onChanged={desk.again} />}
          quiet={
            phase.kind !== "ready" ? (
              <p className="empty" role="alert">
                What is open could not be read: {"sentence" in phase && sentenceOf(phase.sentence)} It is asked for
                again; what begins now is shown.
              </p>
            ) : (
              <Quiet
                sinceMs={quietSinceMs(sections.over)}
                filtered={isFiltered(filter)}
                acknowledged={sections.acknowledged.length}
                rules={desk.rules}
                nowMs={nowMs}
              />
            )
          }
          older={
            <OlderAlerts
              told={over}
              shown={sections.over.length}
              limit={limit}
              onMore={() => setLimit(limit === FEW_OVER ? FEW_OVER * 8 : MOST_OVER)}
            />
          }
        />
      </div>
      <div className="alerts-main">
        {id !== undefined && (
          <p className="back">
            <Link to={`/alerts${query}`}>All alerts</Link>
          </p>
        )}
        {shown !== undefined ? (
          <AlertDetail
            key={shown.id}
            alert={shown}
            rules={rules}
            silence={silenceOf(shown, silences, nowMs)}
            titleOf={desk.titleOf}
            nowMs={nowMs}
            own={id !== undefined}
            onChanged={desk.again}
          />
        ) : id === undefined ? (
          <HowItWorks />
        ) : (
          <Missing told={one} />
        )}
      </div>
      <div className="alerts-rest">
        <SilenceList
          silences={desk.silences}
          rules={rules}
          titleOf={desk.titleOf}
          nowMs={nowMs}
          onChanged={desk.again}
        />
        <ChannelList channels={desk.channels} nowMs={nowMs} />
      </div>
    </div>
  );
}

/**
 * The alert that stands beside the list when none was chosen: the first, and then the same one while it lasts, so that
 * nothing changes below somebody's finger.
 */
function useFirst(sections: Sections): AlertRecord | undefined {
  const { open, acknowledged, over } = sections;
  const [held, setHeld] = useState<string>();
  const all = [...open, ...acknowledged, ...over];
  const same = all.find(({ id }) => id === held);
  const first = all[0];
  const shown = same === undefined || (same.state === "over" && first?.state !== "over") ? first : same;
  useEffect(() => setHeld(shown?.id), [shown?.id]);
  return shown;
}

function OlderAlerts(props: { told: Answer<AlertsAnswer>; shown: number; limit: number; onMore(): void }) {
  const { told, shown, limit, onMore } = props;
  if (told.kind === "loading") return <span className="bone" />;
  if (told.kind === "failed") {
    return (
      <p className="empty" role="alert">
        What is over could not be read: {sentenceOf(told.fault.message)} Open alerts are told all the same.
      </p>
    );
  }
  if (shown === 0) return <p className="empty">None.</p>;
  if (told.answer.next_before === null) return null;
  return limit < MOST_OVER ? (
    <p className="more">
      <button type="button" className="quiet-button" disabled={told.asking} onClick={onMore}>
        {told.asking ? "Loading…" : `Older ones: the newest ${shown} are shown`}
      </button>
    </p>
  ) : (
    <p className="hint">
      These are the newest {shown}. <Link to="/explore?index=ethmon-alert-*">Explore</Link> finds the older ones.
    </p>
  );
}

function HowItWorks() {
  return (
    <Panel title="No alert yet">
      <p>
        Rules look at what the nodes tell, within the slot; what one of them finds stands here until it is over, and is
        told by mail or chat where that is configured. <Link to="/rules">The rules</Link> say what they look for.
      </p>
    </Panel>
  );
}

function Missing({ told }: { told: Answer<unknown> }) {
  if (told.kind === "loading") {
    return (
      <div className="panel" aria-busy="true">
        <h1 className="visually-hidden">Alert</h1>
        <span className="bone short" />
        <span className="bone" />
        <span className="bone" />
      </div>
    );
  }
  if (told.kind === "failed" && told.fault.status !== 404)
    return <FaultNotice heading="Alert" title="The alert could not be read" fault={told.fault} />;
  return (
    <>
      <h1 className="visually-hidden">Alert</h1>
      <Notice title="There is no such alert">
        <p>
          No alert of this network has this address. <Link to="/alerts">All alerts</Link> are those there are.
        </p>
      </Notice>
    </>
  );
}
