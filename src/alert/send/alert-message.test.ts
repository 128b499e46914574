import { describe, expect, test } from "vitest";
import { lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { type AlertTelling, alertMessage, alertText } from "./alert-message.ts";

const telling = (changes: Partial<AlertTelling> = {}): AlertTelling => ({
  alert: lateBlock(),
  stage: "new",
  decidedMs: NIGHT_MS,
  nowMs: NIGHT_MS + 300,
  publicUrl: "https://monitor.example.org/",
  ...changes,
});

test("at night on a phone it says what, how bad, since when, where, what it means and what to do", () => {
  const { subject, text } = alertMessage(
    telling({
      links: {
        acknowledge: "https://monitor.example.org/a",
        unsubscribe: "https://monitor.example.org/u",
        untilMs: NIGHT_MS + 7 * 86_400_000,
      },
    }),
  );
  expect(subject).toBe("[high] The block of slot 12345678 came 6.2 s late");
  expect(text).toBe(`HIGH: The block of slot 12345678 came 6.2 s late
Since 2026-11-28 03:12:11 UTC, slot 12345678.
Nodes: lighthouse-1, teku-2.

Most nodes voted before it came, so that it may be reorged.

Check first: Whether its relay or its builder was slow.

Page: https://monitor.example.org/slots/12345678
Acknowledge: https://monitor.example.org/a

Rule late-block, network, alert late-block/00000000000000aa/${NIGHT_MS}
No more mail of this rule to me: https://monitor.example.org/u
Links hold until 2026-12-05 03:12:11 UTC.
`);
});

test("HTML says the same, fetches nothing, and shows the picture of the mail itself", () => {
  const picture = { cid: "m@x", series: { title: "Arrival", unit: "ms", points: [[1, 2.34567]] as const, marks: [] } };
  const { html, text } = alertMessage(telling({ picture }));
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("Page:"))) {
    expect(html).toContain(line);
  }
  expect(html).toContain('<a href="https://monitor.example.org/slots/12345678">Page</a>');
  expect(html).toContain('<img src="cid:m@x" alt="Arrival, last 2.346 ms"');
  expect(html).not.toMatch(/<(?:script|link|style|iframe)|src="(?!cid:)/);
});

describe("its stage", () => {
  test.each([
    ["worse", "[worse: high] The block"],
    ["repeat", "[still high] The block"],
  ] as const)("%s is told at the front", (stage, begin) => {
    expect(alertMessage(telling({ stage })).subject.startsWith(begin)).toBe(true);
  });

  test("over tells how long it took, and no more what to do", () => {
    const alert = lateBlock({ state: "over", until_ms: NIGHT_MS + 125_000, met: 7, severity: "critical" });
    const { subject, text } = alertMessage(
      telling({ alert, stage: "over", links: { acknowledge: "https://x/a", untilMs: NIGHT_MS } }),
    );
    expect(subject).toBe("[over after 2 min 5 s] The block of slot 12345678 came 6.2 s late");
    expect(text).toContain("From 2026-11-28 03:12:11 UTC to 03:14:16 UTC, slot 12345678.");
    expect(text).not.toMatch(/Check first|Acknowledge/);
  });
});

test("what was met again says how often and when last", () => {
  const alert = lateBlock({ met: 3, last_ms: NIGHT_MS + 60_000 });
  expect(alertText(telling({ alert, stage: "repeat" }))).toContain(
    "Since 2026-11-28 03:12:11 UTC, slot 12345678. Met 3 times, last at 03:13:11 UTC.",
  );
});

test("what comes late says when it was decided, and why it came another way", () => {
  const { text } = alertMessage(
    telling({ nowMs: NIGHT_MS + 600_000, insteadOf: "Sent by the fallback, since chat was down." }),
  );
  expect(text).toContain("Decided at 2026-11-28 03:12:11 UTC, delivered 10 min late.");
  expect(text).toContain("Sent by the fallback, since chat was down.");
  expect(alertMessage(telling()).text).not.toContain("Decided at");
});

test("without an address of the pages there is no link, and a link never leads elsewhere", () => {
  expect(alertMessage(telling({ publicUrl: undefined })).text).not.toContain("Page:");
  for (const link of ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", null]) {
    expect(alertMessage(telling({ alert: lateBlock({ link }) })).text).not.toContain("Page:");
  }
});

test("hostile texts are one line in the subject and text in HTML", () => {
  const title = 'late\r\nBcc: all@example.org\u202e<script>alert("x")</script>';
  const { subject, html } = alertMessage(
    telling({ alert: lateBlock({ title, text: "<img src=x onerror=y>\n\n&amp;" }) }),
  );
  expect(subject).toBe('[high] late Bcc: all@example.org <script>alert("x")</script>');
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain("&lt;img src=x onerror=y&gt;");
  expect(html).toContain("&amp;amp;");
});
