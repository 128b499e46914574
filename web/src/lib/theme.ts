import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const STORAGE_KEY = "ethmon.theme";
const THEME_CHANGED = "ethmon:theme";
const prefersDark = (): MediaQueryList => window.matchMedia("(prefers-color-scheme: dark)");

/** The theme in force: the chosen one (which public/theme.js restores before the first paint), else the system's. */
function currentTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return prefersDark().matches ? "dark" : "light";
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  window.dispatchEvent(new Event(THEME_CHANGED));
}

export function onThemeChange(changed: () => void): () => void {
  const system = prefersDark();
  system.addEventListener("change", changed);
  window.addEventListener(THEME_CHANGED, changed);
  return () => {
    system.removeEventListener("change", changed);
    window.removeEventListener(THEME_CHANGED, changed);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(onThemeChange, currentTheme);
}
