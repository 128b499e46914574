import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./icons.tsx";

/** A dialog over the page; the browser keeps the focus in it, and Escape closes it. */
export function Modal(props: { title: string; onClose(): void; wide?: boolean; children: ReactNode }) {
  const { title, onClose, wide = false, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} className={wide ? "modal wide" : "modal"} aria-labelledby={id} onCancel={onClose}>
      <header className="modal-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="tool-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
