"use client";

import { CalendarDays, Flag, Plus, X } from "lucide-react";
import { useState, type FormEvent, type RefObject } from "react";
import { Button } from "@/components/ui/button";
import { newKey } from "@/lib/api";
import { draftOf } from "@/lib/draft";
import { dueLabel } from "@/lib/due";
import { readQuickTask, type DateReader } from "@/lib/quick-add";
import { useNow } from "@/lib/use-now";
import { useCreateTask } from "@/lib/use-tasks";

interface QuickAddProps {
  readonly userId: string;
  readonly input: RefObject<HTMLInputElement | null>;
}

interface Line {
  readonly text: string;
  /** The same words are sent under the same key, so that a second try adds nothing twice. */
  readonly key: string;
}

const EMPTY: Line = { text: "", key: "" };

/** One line that becomes a task: its words, a date and a priority. */
export function QuickAdd({ userId, input }: QuickAddProps) {
  const draft = draftOf<Line>(userId, "quick-add");
  const [line, setLine] = useState(() => draft.read() ?? EMPTY);
  const [reader, setReader] = useState<DateReader | null>(null);
  const [datesWanted, setDatesWanted] = useState(true);
  const [problem, setProblem] = useState("");
  const [added, setAdded] = useState("");
  const now = useNow();
  const create = useCreateTask(userId);
  const task = readQuickTask(line.text, now, datesWanted ? reader : null);

  /** Without it dates stay in the title: no network is no reason to refuse a task. */
  const loadReader = async () => {
    const loaded = await import("chrono-node/en").catch(() => null);
    setReader(loaded && loaded.casual);
    return loaded && loaded.casual;
  };

  const type = (text: string) => {
    const next = text === "" ? EMPTY : { text, key: newKey() };
    setLine(next);
    draft.keep(next);
    setProblem("");
    if (text === "") {
      setDatesWanted(true);
    }
    if (reader === null) {
      void loadReader();
    }
  };

  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending) {
      return;
    }
    // Whoever types faster than the network still gets their dates.
    const dates = datesWanted ? (reader ?? (await loadReader())) : null;
    const { title, due_date, priority } = readQuickTask(line.text, new Date(), dates);
    const { length } = Array.from(title);
    if (length === 0 || length > 200) {
      setProblem(length === 0 ? "Write what there is to do." : "A title has at most 200 characters.");
      input.current?.focus();
      return;
    }
    create.mutate(
      { task: { title, priority, due_date }, key: line.key },
      {
        onSuccess: () => {
          setLine(EMPTY);
          draft.clear();
          setDatesWanted(true);
          setAdded(title);
        },
        onError: (error) => {
          setProblem(error.message);
        },
        onSettled: () => input.current?.focus(),
      },
    );
  };

  return (
    <form aria-label="Add a task" noValidate onSubmit={(event) => void add(event)}>
      <div className="flex gap-2">
        <input
          ref={input}
          className="field"
          aria-label="New task"
          aria-describedby="quick-add-reading"
          aria-invalid={problem !== ""}
          placeholder="Pay rent friday !high"
          autoComplete="off"
          enterKeyHint="done"
          value={line.text}
          readOnly={create.isPending}
          onFocus={() => {
            if (reader === null) {
              void loadReader();
            }
          }}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.currentTarget.blur();
            }
          }}
        />
        <Button type="submit" look="primary" isBusy={create.isPending}>
          <Plus aria-hidden size={18} className="-ml-1" />
          {create.isPending ? "Adding…" : "Add"}
        </Button>
      </div>
      <div
        id="quick-add-reading"
        aria-live="polite"
        className="flex min-h-9 flex-wrap items-center gap-2 pt-1.5 text-sm text-soft"
      >
        {problem !== "" ? (
          <span className="font-medium text-danger">{problem}</span>
        ) : line.text === "" && added !== "" ? (
          <span>Added “{added}”</span>
        ) : line.text === "" ? (
          <span>Dates such as “tomorrow” or “fri 9am”, and !high or !low, are understood.</span>
        ) : (
          <>
            {task.due_date !== null && (
              <span className="inline-flex items-center gap-1.5 rounded-md bg-accent-tint py-0.5 pl-2 font-medium text-accent-strong">
                <CalendarDays aria-hidden size={14} />
                {dueLabel(task.due_date, now)}
                <button
                  type="button"
                  aria-label={`Keep “${task.dateWords ?? ""}” in the title`}
                  onClick={() => {
                    setDatesWanted(false);
                    input.current?.focus();
                  }}
                  className="flex size-6 items-center justify-center rounded-md hover:bg-accent hover:text-on-accent"
                >
                  <X aria-hidden size={14} />
                </button>
              </span>
            )}
            {task.priority !== "medium" && (
              <span className="inline-flex items-center gap-1.5 rounded-md bg-sunken px-2 py-0.5 font-medium text-ink">
                <Flag aria-hidden size={14} />
                {task.priority === "high" ? "High priority" : "Low priority"}
              </span>
            )}
            {task.due_date === null && task.priority === "medium" && <span>Enter adds it.</span>}
          </>
        )}
      </div>
    </form>
  );
}
