import { describe, expect, test } from "vitest";
import { createDocument } from "../document/document.ts";
import { compileCondition } from "./condition.ts";

const document = createDocument({
  source: {
    message: "WARN low peer count",
    level: "warn",
    http: { status: 503, ok: false },
    tags: ["a", "b"],
    nothing: null,
    "dotted.name": 1,
  },
  meta: { _index: "logs-x-default" },
  timestamp: "2026-11-28T00:00:00.000Z",
});
const judge = (source: string) => compileCondition(source)(document);

describe("conditions", () => {
  test.each([
    "ctx.level == 'warn'",
    'ctx.level != "error" && ctx.http.status >= 500',
    "ctx.absent == null",
    "ctx?.absent?.deep == null",
    "ctx.nothing == null",
    "ctx.http?.status == 503",
    "ctx['http']['status'] == 503",
    "ctx.dotted.name == 1",
    "ctx.containsKey('level') && !ctx.containsKey('absent')",
    "ctx.http.containsKey('ok')",
    "ctx.message.contains('peer') || ctx.absent.deep",
    "ctx.message.toLowerCase().startsWith('warn')",
    "ctx.message.endsWith('count') && ctx.message.length() == 19",
    "['warn', 'error'].contains(ctx.level)",
    "ctx.tags.contains('b') && ctx.tags.size() == 2 && ctx.tags[0] == 'a'",
    "ctx.message =~ /low\\s+peer/",
    "ctx.message =~ /LOW/i",
    "ctx.level ==~ /wa[r]n/ && !(ctx.level ==~ /war/)",
    "ctx.http.status instanceof Integer && ctx.level instanceof String && ctx.tags instanceof List",
    "ctx.level.equalsIgnoreCase('WARN')",
    "ctx._index == 'logs-x-default' && ctx._ingest.timestamp.startsWith('2026')",
    "return ctx.http.status > -1;",
    "!ctx.http.ok // a comment",
  ])("%s holds", (source) => {
    expect(judge(source)).toBe(true);
  });

  test.each([
    ["ctx.absent.deep == 1", "cannot take [deep] of null"],
    ["ctx.absent.contains('x')", "cannot call [contains] on null"],
    ["ctx.level > 3", "is for numbers"],
    ["ctx.level", "must be a boolean"],
    ["ctx.absent?.contains('x')", "must be a boolean"],
    ["ctx.http.status =~ /5/", "is for texts"],
  ])("%s fails the document", (source, words) => {
    expect(() => judge(source)).toThrow(words);
  });

  test.each([
    "ctx.level = 'x'",
    "ctx.remove('level')",
    "ctx.tags.add('x')",
    "Math.abs(1) == 1",
    "for (;;) {}",
    "ctx.level == 'a' ? true : false",
    "def x = 1",
    "params.x == 1",
    "ctx",
    "ctx == null",
    "new ArrayList().isEmpty()",
    "ctx.level.getClass()",
    "ctx.level.constructor('x')",
    "true; true",
    "ctx.a =~ 'text'",
    "ctx.a ==",
    "'open",
    "ctx.a == 'x\\n'",
    `${"(".repeat(60)}true${")".repeat(60)}`,
    "",
  ])("refuses %s", (source) => {
    expect(() => compileCondition(source)).toThrow(/conditions are a small part of Painless/);
  });
});
