import { useState } from "react";
import { slugOf } from "../../lib/slug.ts";
import { problemsAt, TextField } from "../field.tsx";

type Names = { id: string; title: string; description: string };

/** Title, id and description of what is being composed: the id follows the title until somebody writes one. */
export function NameFields(props: {
  draft: Names;
  isNew: boolean;
  problems: Parameters<typeof problemsAt>[0];
  labels: { id: string; description: string };
  change(part: Partial<Names>): void;
}) {
  const { draft, isNew, problems, labels, change } = props;
  const [ownId, setOwnId] = useState(draft.id !== "");
  return (
    <>
      <TextField
        label="Title"
        value={draft.title}
        problems={problemsAt(problems, "title")}
        onChange={(title) => change(isNew && !ownId ? { title, id: slugOf(title) } : { title })}
      />
      {isNew && (
        <TextField
          label={labels.id}
          value={draft.id}
          problems={problemsAt(problems, "id")}
          onChange={(id) => {
            setOwnId(true);
            change({ id });
          }}
        />
      )}
      <TextField
        label={labels.description}
        value={draft.description}
        lines={2}
        problems={problemsAt(problems, "description")}
        onChange={(description) => change({ description })}
      />
    </>
  );
}
