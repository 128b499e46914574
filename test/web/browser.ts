import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's. */
export const CHROMIUM = "/usr/bin/chromium";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type Screen = { theme: "light" | "dark"; name: "wide" | "phone"; width: number; height: number };

/** Every page is looked at in both themes, on a desk and on a phone. */
export const SCREENS: readonly Screen[] = (["light", "dark"] as const).flatMap((theme) => [
  { theme, name: "wide" as const, width: 1440, height: 900 },
  { theme, name: "phone" as const, width: 390, height: 844 },
]);

/** Debian's Chromium; undefined when it is not installed. */
export async function launchBrowser(): Promise<Browser | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A new page of the screen's size and theme, and the errors that its console shows. */
export async function openPage(browser: Browser, screen: Screen): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({
    viewport: { width: screen.width, height: screen.height },
    colorScheme: screen.theme,
    deviceScaleFactor: screen.name === "phone" ? 2 : 1,
    isMobile: screen.name === "phone",
    hasTouch: screen.name === "phone",
  });
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  return { page, errors };
}
