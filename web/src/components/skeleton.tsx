/** The Live page's shape while its data are on their way. */
export function LiveSkeleton() {
  return (
    <div className="live" aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading the live screen
      </p>
      <div className="status-line">
        {["heads", "finalized", "participation", "streams", "slots", "delay"].map((name) => (
          <div className="figure" key={name}>
            <span className="bone short" />
            <span className="bone tall" />
            <span className="bone" />
          </div>
        ))}
      </div>
      <div className="panel grid-panel">
        <span className="bone short" />
        <span className="bone block" />
      </div>
      <div className="panel arrivals">
        <span className="bone short" />
        <span className="bone block" />
      </div>
    </div>
  );
}

/** The Nodes page's shape while its data are on their way. */
export function NodesSkeleton() {
  return (
    <div className="nodes-page" aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading the nodes
      </p>
      <div className="node-cards">
        {["first", "second", "third"].map((name) => (
          <div className="panel" key={name}>
            <span className="bone short" />
            <span className="bone" />
            <span className="bone" />
            <span className="bone" />
          </div>
        ))}
      </div>
      <div className="panel">
        <span className="bone short" />
        <span className="bone block" />
      </div>
    </div>
  );
}

/** The shape of a page of a list and what is chosen of it, while its data are on their way. */
export function ListSkeleton({ what }: { what: "reorgs" | "validators" }) {
  return (
    <div className={`${what}-page`} aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading the {what}
      </p>
      <div className="panel">
        <span className="bone short" />
        <span className="bone" />
        <span className="bone" />
        <span className="bone" />
      </div>
      <div className="panel">
        <span className="bone short" />
        <span className="bone block" />
      </div>
    </div>
  );
}

/** The Latency page's shape while its data are on their way. */
export function LatencySkeleton() {
  return (
    <div className="latency-page" aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading the comparison of the nodes
      </p>
      {["matrix", "biases", "propagation", "orphans"].map((name) => (
        <div className="panel" key={name}>
          <span className="bone short" />
          <span className="bone block" />
        </div>
      ))}
    </div>
  );
}

/** The shape of a page over a range of epochs while its data are on their way. */
export function RangeSkeleton({ what }: { what: string }) {
  return (
    <div className="range-skeleton" aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading the {what}
      </p>
      <div className="status-line">
        {["one", "two", "three", "four", "five", "six"].map((name) => (
          <div className="figure" key={name}>
            <span className="bone short" />
            <span className="bone tall" />
            <span className="bone" />
          </div>
        ))}
      </div>
      <div className="panel">
        <span className="bone short" />
        <span className="bone block" />
      </div>
    </div>
  );
}

/** The Slot page's shape while its data are on their way. */
export function SlotSkeleton() {
  return (
    <div className="slot-page" aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading the slot
      </p>
      <div className="panel timeline-panel">
        <span className="bone short" />
        <span className="bone block" />
      </div>
      <div className="panel slot-facts">
        <span className="bone short" />
        <span className="bone" />
        <span className="bone" />
        <span className="bone" />
      </div>
    </div>
  );
}

/** The shape of a dashboard, of the list of them or of a search while it is on its way. */
export function BoardSkeleton({ what }: { what: string }) {
  return (
    <div className="board-skeleton" aria-busy="true">
      <h1 className="visually-hidden">{what}</h1>
      <p className="visually-hidden" role="status">
        Loading {what}
      </p>
      {["one", "two", "three", "four"].map((name) => (
        <div className="panel" key={name}>
          <span className="bone short" />
          <span className="bone block" />
        </div>
      ))}
    </div>
  );
}

/** The shape of the alerts while they are on their way. */
export function AlertsSkeleton() {
  return (
    <div className="alerts-page" aria-busy="true">
      <h1 className="visually-hidden">Alerts</h1>
      <p className="visually-hidden" role="status">
        Loading the alerts
      </p>
      <div className="alerts-side">
        <div className="panel">
          <span className="bone short" />
          <span className="bone" />
          <span className="bone" />
        </div>
        <div className="panel">
          <span className="bone short" />
          <span className="bone" />
          <span className="bone" />
          <span className="bone" />
        </div>
      </div>
      <div className="alerts-main">
        <div className="panel">
          <span className="bone short" />
          <span className="bone tall" />
          <span className="bone block" />
        </div>
      </div>
    </div>
  );
}

/** The shape of the rules, or of one of them, while they are on their way. */
export function RulesSkeleton({ what }: { what: string }) {
  return (
    <div className="rules-page" aria-busy="true">
      <h1 className="visually-hidden">{what}</h1>
      <p className="visually-hidden" role="status">
        Loading {what}
      </p>
      {["one", "two", "three", "four", "five"].map((name) => (
        <div className="panel" key={name}>
          <span className="bone short" />
          <span className="bone" />
        </div>
      ))}
    </div>
  );
}
