type Part = { readonly [key: string]: unknown };

const MOST_CHARACTERS = 400;

/** A watch record for people: whether the condition was met, the alerts that it would be, what would be sent. */
export function testedLines(id: string, record: Part): string[] {
  const result = objectOf(record["result"]);
  const messages = listOf(record["messages"]).map(String);
  return [
    ...(messages.length > 0
      ? messages.map((message) => `${id}: the check failed: ${message}`)
      : [stateLine(id, record, result)]),
    ...listOf(result["alerts"]).flatMap((alert) => alertLines(objectOf(alert))),
    ...listOf(result["actions"]).flatMap((action) => actionLines(objectOf(action))),
  ];
}

function stateLine(id: string, record: Part, result: Part): string {
  const took = Number(result["execution_duration"] ?? 0);
  const met = record["state"] === "execution_not_needed" ? "its condition is not met" : "its condition is met";
  return `${id}: ${met} (${took.toFixed(took < 10 ? 1 : 0)} ms).`;
}

function alertLines(alert: Part): string[] {
  const { severity, title, text, check_first: first, slot, nodes, link } = alert;
  const where = [
    ...(typeof slot === "number" ? [`slot ${slot}`] : []),
    ...(listOf(nodes).length > 0 ? [`nodes ${listOf(nodes).join(", ")}`] : []),
    ...(typeof link === "string" ? [link] : []),
  ];
  return [
    "",
    `${String(severity).toUpperCase()}: ${String(title)}`,
    ...(where.length === 0 ? [] : [`  ${where.join("; ")}`]),
    ...indented(text),
    ...(typeof first === "string" ? indented(`Check first: ${first}`) : []),
  ];
}

function actionLines(action: Part): string[] {
  const { id, type, status, reason } = action;
  const head = `${String(id)} (${String(type)}): ${String(status).replaceAll("_", " ")}`;
  const contents = listOf(action[String(type)]).map((content) => cut(JSON.stringify(content)));
  return ["", typeof reason === "string" ? `${head}: ${reason}` : head, ...contents.map((content) => `  ${content}`)];
}

function indented(text: unknown): string[] {
  return typeof text === "string" && text !== "" ? text.split("\n").map((line) => `  ${line}`) : [];
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function objectOf(value: unknown): Part {
  return typeof value === "object" && value !== null ? (value as Part) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
