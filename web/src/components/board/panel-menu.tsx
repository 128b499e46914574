import type { RefObject } from "react";
import { OWN_PATH, OWN_PATH_OR_URL } from "../../../../src/panels/own-path.ts";
import type { Panel } from "../../../../src/panels/panel.ts";
import type { ChartHandle } from "../../charts/vega-chart.tsx";
import { download } from "../../lib/download.ts";
import { fileName, panelCsv } from "../../lib/panel-files.ts";
import type { PanelAnswer } from "../../lib/panel-views.ts";
import { Icon } from "../icons.tsx";
import { Link } from "../link.tsx";
import { PopoverButton } from "../popover-button.tsx";

/** What can be done with a panel: look closer, see its query, take its values away, follow its links. */
export function PanelMenu(props: {
  panel: Panel;
  answer: PanelAnswer | undefined;
  /** Of the drawn chart. */
  handle: RefObject<ChartHandle | null> | undefined;
  full: boolean;
  onFull(): void;
  onQuery(): void;
  editPath: string | undefined;
}) {
  const { panel, answer, handle, full, onFull, onQuery, editPath } = props;
  return (
    <PopoverButton words={<Icon name="menu" />} label={`Menu of ${panel.title}`} className="tool-button" side="right">
      {(close) => {
        const item = (words: string, act: () => void) => (
          <li>
            <button
              type="button"
              onClick={() => {
                close();
                act();
              }}
            >
              {words}
            </button>
          </li>
        );
        return (
          <ul className="menu">
            {item(full ? "Leave full screen" : "Full screen", onFull)}
            {item("Query", onQuery)}
            {answer !== undefined && (
              <>
                {item("Download CSV", () =>
                  download(fileName(panel.id, answer.to_ms, "csv"), {
                    text: panelCsv(panel, answer),
                    type: "text/csv;charset=utf-8",
                  }),
                )}
                {handle !== undefined &&
                  item("Download PNG", () => {
                    const background = getComputedStyle(document.body).backgroundColor;
                    handle.current?.toPng(background).then(
                      (picture) => download(fileName(panel.id, answer.to_ms, "png"), picture),
                      () => undefined,
                    );
                  })}
                {item("Download JSON", () =>
                  download(fileName(panel.id, answer.to_ms, "json"), {
                    text: JSON.stringify({ panel, ...answer }, null, 2),
                    type: "application/json",
                  }),
                )}
              </>
            )}
            {editPath !== undefined && (
              <li>
                <Link to={editPath}>Edit panel</Link>
              </li>
            )}
            {editPath !== undefined && (
              <li>
                <Link to={`/rules/new?panel=${panel.id}`}>Make a rule</Link>
              </li>
            )}
            {panel.links.map(({ title, to }) => (
              <li key={title}>
                {OWN_PATH.test(to) ? (
                  <Link to={to}>{title}</Link>
                ) : (
                  <a href={OWN_PATH_OR_URL.test(to) ? to : undefined} rel="noreferrer">
                    {title}
                  </a>
                )}
              </li>
            ))}
          </ul>
        );
      }}
    </PopoverButton>
  );
}
