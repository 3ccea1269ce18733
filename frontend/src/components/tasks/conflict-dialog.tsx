"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { dueLabel } from "@/lib/due";
import { differences, merged, suggestedSides, type FieldName, type Side, type TaskFields } from "@/lib/task-edit";
import { useNow } from "@/lib/use-now";

interface ConflictDialogProps {
  readonly base: TaskFields;
  readonly mine: TaskFields;
  readonly theirs: TaskFields;
  readonly onKeepEditing: () => void;
  readonly onResolve: (chosen: TaskFields) => void;
}

const NAMES: Readonly<Record<FieldName, string>> = {
  title: "Title",
  description: "Description",
  priority: "Priority",
  due_date: "Due",
};

function said(fields: TaskFields, field: FieldName, now: Date): string {
  const value = fields[field];
  if (value === null || value === "") {
    return "None";
  }
  switch (field) {
    case "due_date":
      return dueLabel(value, now);
    case "priority":
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    default:
      return value;
  }
}

/** Two versions of one task, field by field, for the person to choose from. */
export function ConflictDialog({ base, mine, theirs, onKeepEditing, onResolve }: ConflictDialogProps) {
  const [sides, setSides] = useState(() => suggestedSides(base, mine, theirs));
  const now = useNow();
  const fields = differences(mine, theirs);
  return (
    <Dialog
      open
      title="This task was changed elsewhere"
      description="While you were editing, another version was saved. Choose what to keep."
      onClose={onKeepEditing}
    >
      <div className="flex flex-col gap-4">
        {fields.map((field) => (
          <fieldset key={field}>
            <legend className="mb-1.5 text-sm font-medium">{NAMES[field]}</legend>
            <div className="grid gap-2 xs:grid-cols-2">
              {(
                [
                  ["mine", mine, "Yours"],
                  ["theirs", theirs, "Saved"],
                ] as const
              ).map(([side, version, label]) => (
                <label
                  key={side}
                  className="flex cursor-pointer items-start gap-3 rounded-lg border border-line-strong p-3 has-checked:border-accent has-checked:bg-accent-tint"
                >
                  <input
                    type="radio"
                    name={`side-${field}`}
                    checked={sides[field] === side}
                    onChange={() => setSides({ ...sides, [field]: side satisfies Side })}
                    className="mt-0.5 size-5 shrink-0 accent-accent"
                  />
                  <span className="min-w-0">
                    <span className="block text-sm text-soft">{label}</span>
                    <span className="line-clamp-6 whitespace-pre-wrap">{said(version, field, now)}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
        {fields.length === 0 && <p>Both versions are the same.</p>}
        <div className="flex flex-wrap gap-2">
          <Button look="primary" onClick={() => onResolve(merged(mine, theirs, sides))}>
            Save these choices
          </Button>
          <Button onClick={() => onResolve(theirs)}>Take the saved version</Button>
          <Button look="quiet" onClick={onKeepEditing}>
            Keep editing
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
