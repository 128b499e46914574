import { useState } from "react";

/** A button whose act cannot be undone: it asks once more. */
export function ConfirmButton(props: { words: string; question: string; onConfirm(): void }) {
  const { words, question, onConfirm } = props;
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" className="button" onClick={() => setAsked(true)}>
        {words}
      </button>
    );
  }
  return (
    <span className="confirm" role="alert">
      {question}{" "}
      <button type="button" className="button danger" onClick={onConfirm}>
        {words}
      </button>{" "}
      <button type="button" className="button" onClick={() => setAsked(false)}>
        Keep it
      </button>
    </span>
  );
}
