import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import { isFault } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import { compileTemplate } from "./template.ts";
import type { Form } from "./texts.ts";

function context(payload: Json): WatchContext {
  const at = "2026-11-28T10:00:00.000Z";
  return {
    watch_id: "late_blocks",
    id: "late_blocks_1",
    execution_time: at,
    trigger: { triggered_time: at, scheduled_time: at },
    metadata: { color: "red" },
    vars: {},
    payload,
  };
}

const payload: Json = {
  total: 3,
  share: 0.25,
  tiny: 0.0001,
  zero: 0,
  message: 'He said "no" & <left>',
  lines: "a\nb\\c",
  empty: [],
  nothing: null,
  flag: true,
  off: false,
  nodes: ["a", "b & c"],
  hits: {
    hits: [
      { _id: "1", _source: { host: { name: "x" } }, fields: { "host.name": ["x.example"] } },
      { _id: "2", _source: { host: { name: "y" } } },
    ],
  },
};

const render = (text: string, form: Form = "text", of: Json = payload) => compileTemplate(text, { form })(context(of));

const awkward = fc.string({ unit: fc.constantFrom('"', "\\", "\n", "\u2028", "{", "}", "\ud800", "é", "&") });

describe("a template", () => {
  test.each([
    ["no tags at all", "no tags at all"],
    ["{{ctx.watch_id}} at {{ctx.trigger.scheduled_time}}", "late_blocks at 2026-11-28T10:00:00.000Z"],
    ["{{ctx.payload.total}} {{ctx.payload.share}} {{ctx.payload.tiny}} {{ctx.payload.flag}}", "3 0.25 1.0E-4 true"],
    ["<{{ctx.payload.absent}}{{ctx.payload.nothing}}{{ctx.payload.total.deeper}}>", "<>"],
    ["{{ctx.payload.hits.hits.0._id}} of {{ctx.payload.hits.hits.size}}", "1 of 2"],
    ["{{ctx.payload.hits.hits.0.fields.host.name.0}}", "x.example"],
    ["{{#ctx.payload.hits.hits}}{{_id}}={{_source.host.name}} {{/ctx.payload.hits.hits}}", "1=x 2=y "],
    ["{{#ctx.payload.hits.hits}}{{ctx.metadata.color}} {{/ctx.payload.hits.hits}}", "red red "],
    ["{{#ctx.payload.nodes}}[{{.}}]{{/ctx.payload.nodes}}", "[a][b & c]"],
    ["{{#ctx.payload.empty}}x{{/ctx.payload.empty}}{{^ctx.payload.empty}}none{{/ctx.payload.empty}}", "none"],
    [
      "{{#ctx.payload.zero}}zero is a value{{/ctx.payload.zero}}{{#ctx.payload.off}}x{{/ctx.payload.off}}",
      "zero is a value",
    ],
    ["{{#ctx.payload.flag}}{{ctx.payload.total}}{{/ctx.payload.flag}}", "3"],
    ["{{! a comment }}{{=<% %>=}}<% ctx.payload.total %>", "3"],
    ["{{#toJson}}ctx.payload.nodes{{/toJson}}", '["a","b & c"]'],
    ["{{#toJson}}ctx.payload.hits.hits.1{{/toJson}}", '{"_id":"2","_source":{"host":{"name":"y"}}}'],
    ["{{#toJson}}ctx.payload.absent{{/toJson}}", "null"],
    ["{{#join}}ctx.payload.nodes{{/join}}", "a,b & c"],
    ["{{#join delimiter='; '}}ctx.payload.nodes{{/join delimiter='; '}}", "a; b & c"],
    ["{{#url}}{{ctx.payload.message}}{{/url}}", "He+said+%22no%22+%26+%3Cleft%3E"],
    ["/slot/{{#url}}{{ctx.payload.total}}{{/url}}", "/slot/3"],
    ["{{ctx.payload.nodes}}", "{0=a, 1=b & c}"],
    ["{{ctx.payload.hits.hits.1._source}}", "{host={name=y}}"],
    ["{{ctx.payload.message}} {{{ctx.payload.message}}}", 'He said "no" & <left> He said "no" & <left>'],
  ])("%s gives %s", (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  test("escapes for what is made of it", () => {
    expect(render("{{ctx.payload.message}}", "html")).toBe("He said &quot;no&quot; &amp; &lt;left&gt;");
    expect(render("{{{ctx.payload.message}}}", "html")).toBe(payload.message);
    expect(render("{{&ctx.payload.message}}", "html")).toBe(payload.message);
    expect(JSON.parse(render('{"m": "{{ctx.payload.message}}{{ctx.payload.lines}}"}', "json"))).toEqual({
      m: `${payload.message}${payload.lines}`,
    });
    expect(
      JSON.parse(
        render(
          '{"m": "{{#toJson}}ctx.payload.lines{{/toJson}}", "n": {{#toJson}}ctx.payload.nodes{{/toJson}}}',
          "json",
        ),
      ),
    ).toEqual({
      m: payload.lines,
      n: payload.nodes,
    });
    expect(render("{{#join}}ctx.payload.nodes{{/join}}", "html")).toBe("a,b &amp; c");
  });

  test("sees an element and parameters before its context", () => {
    const template = compileTemplate("{{name}} {{p}} {{ctx.watch_id}}", { form: "text", params: { p: 1, name: "p" } });
    expect(template(context({}), { name: "element" })).toBe("element 1 late_blocks");
  });

  test.each([
    ["{{#open}}", "Unclosed section"],
    ["{{/open}}", "Unopened section"],
    ["{{open", "Unclosed tag"],
    ["{{> partial}}", "partials are not supported"],
    ["{{#toJson}}{{ctx.payload}}{{/toJson}}", "[toJson] must contain one and only one name"],
    ["{{#join}}{{/join}}", "[join] must contain one and only one name"],
  ])("%s is refused", (text, reason) => {
    expect(() => compileTemplate(text, { form: "text" })).toThrow(reason);
  });

  test("that would make too much is stopped", () => {
    const long = { list: Array.from({ length: 2_000 }, () => ({})) };
    const nested =
      "{{#ctx.payload.list}}{{#ctx.payload.list}}{{#ctx.payload.list}}{{/ctx.payload.list}}{{/ctx.payload.list}}{{/ctx.payload.list}}";
    expect(() => render(nested, "text", long)).toThrow("more than 1048576 characters");
  });

  test("never calls or shows what JavaScript gives to values", () => {
    const names = [Object.prototype, Array.prototype, String.prototype, Number.prototype].flatMap((one) =>
      Object.getOwnPropertyNames(one),
    );
    for (const name of new Set(names)) {
      expect(render(`{{ctx.payload.${name}}}{{ctx.payload.nodes.${name}}}{{ctx.payload.message.${name}}}`)).toBe("");
      expect(render(`{{#ctx.payload.${name}}}x{{/ctx.payload.${name}}}{{${name}}}`)).toBe("");
    }
  });

  test("of any text over any payload renders or is refused", () => {
    const words = fc.constantFrom(
      "{{",
      "}}",
      "{{{",
      "}}}",
      "#",
      "/",
      "^",
      ".",
      "ctx.payload",
      "toJson",
      "join",
      "url",
      " ",
      "\n",
      "a",
      "0",
      "=",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 20 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(
        text,
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom<Form>("text", "json", "html"),
        (source, value, form) => {
          try {
            expect(typeof render(source, form, value as Json)).toBe("string");
          } catch (error) {
            expect(isFault(error)).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("of a JSON text gives JSON whatever the text is", () => {
    const template = compileTemplate('{"a": "{{ctx.payload.text}}", "b": {{#toJson}}ctx.payload{{/toJson}}}', {
      form: "json",
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), awkward), (value) => {
        expect(JSON.parse(template(context({ text: value })))).toEqual({ a: value, b: { text: value } });
      }),
    );
  });
});
