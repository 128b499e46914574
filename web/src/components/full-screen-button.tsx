import { Icon } from "./icons.tsx";

/** Gives the page the whole screen: for a wall. The rail and the bar go away. */
export function FullScreenButton() {
  if (!document.fullscreenEnabled) return null;
  const toggle = () => {
    const main = document.getElementById("main");
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    else void main?.requestFullscreen().catch(() => undefined);
  };
  return (
    <button
      type="button"
      className="quiet-button icon-button"
      aria-label="Full screen"
      title="Full screen"
      onClick={toggle}
    >
      <Icon name="full" />
    </button>
  );
}
