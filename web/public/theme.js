// Runs before the first paint, so that a remembered theme never flashes the other one. A file of its own, since the
// Content-Security-Policy forbids inline scripts.
try {
  const theme = localStorage.getItem("ethmon.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's preference decides.
}
