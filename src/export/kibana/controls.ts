import { type Dashboard, type Panel, VARIABLES, type Variable } from "../../panels/panel.ts";

/** A choice that narrows a dashboard by one field. */
export type Control = { variable: Variable; field: string; label: string; index: string };

export type Controls = {
  of(dashboardId: string): readonly Control[];
  /** Whether the filters of its dashboards may reach a panel: without a control's field they would empty it. */
  follows(panelId: string): boolean;
};

/** The network is not chosen: an export is of one. */
const CHOSEN = VARIABLES.filter((variable) => variable !== "network");
const LABELS: Readonly<Record<Variable, string>> = {
  network: "Network",
  node: "Node",
  client: "Client",
  group: "Validator group",
};

/**
 * Which controls each dashboard has. Here a variable narrows each panel by its own field, and leaves others alone;
 * there a filter has one field and reaches every panel, or none of a panel's filters do. So a dashboard gets those
 * controls with which most panels are narrowed, and the panels that lack one of their fields take no filter.
 */
export function chooseControls(dashboards: readonly Dashboard[], panels: ReadonlyMap<string, Panel>): Controls {
  const chosen = new Map<string, readonly Control[]>();
  const deaf = new Set<string>();
  for (const { id, variables, grid } of dashboards) {
    const shown = grid.flatMap(({ panel }) => panels.get(panel) ?? []);
    const controls = best(shown, variables);
    chosen.set(id, controls);
    for (const panel of shown) if (!hasFields(panel, controls)) deaf.add(panel.id);
  }
  return { of: (id) => chosen.get(id) ?? [], follows: (id) => !deaf.has(id) };
}

function best(panels: readonly Panel[], variables: readonly Variable[]): readonly Control[] {
  const sets = CHOSEN.filter((variable) => variables.includes(variable)).reduce<readonly (readonly Control[])[]>(
    (known, variable) => known.flatMap((set) => [set, ...controlsOf(panels, variable).map((one) => [...set, one])]),
    [[]],
  );
  const narrowed = (set: readonly Control[]) =>
    set.length === 0 ? 0 : panels.filter((panel) => hasFields(panel, set)).length;
  return sets.reduce((held, set) => {
    const difference = narrowed(set) - narrowed(held);
    return difference > 0 || (difference === 0 && narrowed(set) > 0 && set.length > held.length) ? set : held;
  }, []);
}

/** One for each field by which a panel knows the variable. */
function controlsOf(panels: readonly Panel[], variable: Variable): Control[] {
  const fields = new Map<string, string>();
  for (const { variables, request } of panels) {
    const field = variables[variable];
    if (field !== undefined && !fields.has(field)) fields.set(field, request.index);
  }
  return [...fields].map(([field, index]) => ({ variable, field, label: LABELS[variable], index }));
}

function hasFields({ variables }: Panel, controls: readonly Control[]): boolean {
  return controls.every(({ variable, field }) => variables[variable] === field);
}
