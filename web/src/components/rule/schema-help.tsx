import { type JsonPath, pathText } from "../../lib/json-spans.ts";
import { helpAt } from "../../lib/watch-help.ts";

/** What the key at the cursor means, and which keys may stand in it. */
export function SchemaHelp({ path, present }: { path: JsonPath; present: readonly string[] }) {
  const found = helpAt(path);
  const { words, example, keys = {} } = found.help;
  const name = pathText(found.path);
  return (
    <section className="schema-help" aria-label="What the keys mean">
      <h3 className="part-title number">{name === "" ? "the watch" : name}</h3>
      <p>{words}</p>
      {example !== undefined && (
        <p>
          <span className="muted">such as </span>
          <code>{example}</code>
        </p>
      )}
      {Object.keys(keys).length > 0 && (
        <dl>
          {Object.entries(keys).map(([key, help]) => (
            <div key={key} className={present.includes(key) ? "present" : ""}>
              <dt className="number">
                {key}
                {present.includes(key) && <span className="visually-hidden"> (it is there)</span>}
              </dt>
              <dd>{help.words}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
