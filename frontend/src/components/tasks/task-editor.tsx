"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Labelled, TextField } from "@/components/ui/field";
import { ApiError, getTask, newKey, type Priority, type Task, type TaskVersion } from "@/lib/api";
import { draftOf } from "@/lib/draft";
import { dueFields, dueText } from "@/lib/due";
import { changeBetween, differences, fieldsOf, type TaskFields } from "@/lib/task-edit";
import { tasksKey, usePlaceTask, useSaveTask } from "@/lib/use-tasks";
import { UNREACHABLE } from "@/lib/unreachable";
import { ConflictDialog } from "./conflict-dialog";

interface Form {
  title: string;
  description: string;
  priority: Priority;
  day: string;
  time: string;
}

interface EditDraft {
  readonly form: Form;
  /** The version that the words were typed over. */
  readonly base: TaskFields;
}

interface Conflict {
  readonly mine: TaskFields;
  readonly theirs: TaskVersion;
}

interface TaskEditorProps {
  readonly userId: string;
  readonly task: Task;
  readonly onDone: () => void;
}

function formOf({ title, description, priority, due_date }: TaskFields): Form {
  return { title, description: description ?? "", priority, ...dueFields(due_date) };
}

/** Reads the form; a due date that was not touched stays as it is written, seconds and all. */
function fieldsIn({ title, description, priority, day, time }: Form, base: TaskFields): TaskFields {
  const before = dueFields(base.due_date);
  const untouched = before.day === day && before.time === time;
  return {
    title: title.trim(),
    description: description.trim() === "" ? null : description,
    priority,
    due_date: untouched ? base.due_date : dueText(day, time),
  };
}

/** Edits a task where it stands. What is typed is kept until it is saved or given up. */
export function TaskEditor({ userId, task, onDone }: TaskEditorProps) {
  const draft = draftOf<EditDraft>(userId, `task-${task.id}`);
  const [{ base, initial }] = useState(() => {
    const kept = draft.read();
    return kept === null
      ? { base: fieldsOf(task), initial: formOf(fieldsOf(task)) }
      : { base: kept.base, initial: kept.form };
  });
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [problem, setProblem] = useState("");
  const [checking, setChecking] = useState(false);
  // The version in the store, with its tag, which lists do not have.
  const { data: known, refetch } = useQuery({
    queryKey: [...tasksKey(userId), "one", task.id],
    queryFn: () => getTask(userId, task.id),
    staleTime: 0,
    gcTime: 0,
  });
  const save = useSaveTask(userId);
  const placeTask = usePlaceTask(userId);
  const {
    register,
    handleSubmit,
    subscribe,
    setError,
    formState: { errors },
  } = useForm<Form>({ defaultValues: initial });
  const busy = save.isPending || checking;

  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          draftOf<EditDraft>(userId, `task-${task.id}`).keep({ form: values, base });
        },
      }),
    [subscribe, userId, task.id, base],
  );

  const done = () => {
    draft.clear();
    onDone();
  };

  const latest = async (): Promise<TaskVersion> => {
    const { data, error } = await refetch();
    if (data === undefined || error !== null) {
      throw error ?? new Error(UNREACHABLE);
    }
    return data;
  };

  const refuse = (error: unknown) => {
    const gone = error instanceof ApiError && error.status === 404;
    setProblem(
      gone ? "This task was deleted elsewhere. Copy what you need; it cannot be saved." : (error as Error).message,
    );
  };

  const send = async (mine: TaskFields, from: TaskVersion) => {
    const change = changeBetween(fieldsOf(from.task), mine);
    if (Object.keys(change).length === 0) {
      placeTask(from.task);
      done();
      return;
    }
    try {
      await save.mutateAsync({ taskId: task.id, change, tag: from.tag, key: newKey() });
      done();
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        setConflict({ mine, theirs: await latest() });
        return;
      }
      throw error;
    }
  };

  const submit = handleSubmit(async (form) => {
    setProblem("");
    const mine = fieldsIn(form, base);
    if (form.day === "" && form.time !== "") {
      setError("day", { message: "A time needs a day." }, { shouldFocus: true });
      return;
    }
    if (differences(base, mine).length === 0) {
      done();
      return;
    }
    setChecking(true);
    try {
      const from = known ?? (await latest());
      // The list may have been older than the store when editing began.
      if (differences(base, fieldsOf(from.task)).length > 0) {
        setConflict({ mine, theirs: from });
      } else {
        await send(mine, from);
      }
    } catch (error) {
      refuse(error);
    } finally {
      setChecking(false);
    }
  });

  const resolve = async (chosen: TaskFields) => {
    if (conflict === null) {
      return;
    }
    setConflict(null);
    setChecking(true);
    try {
      await send(chosen, conflict.theirs);
    } catch (error) {
      refuse(error);
    } finally {
      setChecking(false);
    }
  };

  return (
    <form
      aria-label={`Edit ${task.title}`}
      noValidate
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          done();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !busy) {
          void submit();
        }
      }}
      className="card flex flex-col gap-4 border-line-strong p-4"
    >
      <Alert>{problem}</Alert>
      <TextField
        label="Title"
        autoFocus
        autoComplete="off"
        readOnly={busy}
        error={errors.title?.message}
        {...register("title", {
          validate: (value) => {
            const { length } = Array.from(value.trim());
            return length === 0 ? "A task needs a title." : length <= 200 || "A title has at most 200 characters.";
          },
        })}
      />
      <Labelled label="Description" error={errors.description?.message}>
        {(described) => (
          <textarea
            rows={3}
            className="field resize-y"
            readOnly={busy}
            {...described}
            {...register("description", {
              validate: (value) => Array.from(value).length <= 5_000 || "A description has at most 5,000 characters.",
            })}
          />
        )}
      </Labelled>
      <div className="grid gap-4 xs:grid-cols-2 sm:grid-cols-[1fr_1fr_1fr]">
        <TextField label="Due date" type="date" readOnly={busy} error={errors.day?.message} {...register("day")} />
        <TextField label="Due time" type="time" readOnly={busy} {...register("time")} />
        <Labelled label="Priority" className="xs:col-span-2 sm:col-span-1">
          {(described) => (
            <select className="field" {...described} {...register("priority")}>
              <option value="high">High</option>
              <option value="medium">Medium</option>
              <option value="low">Low</option>
            </select>
          )}
        </Labelled>
      </div>
      <div className="flex gap-2">
        <Button type="submit" look="primary" isBusy={busy}>
          {busy ? "Saving…" : "Save"}
        </Button>
        <Button look="quiet" onClick={done}>
          Cancel
        </Button>
      </div>
      {conflict && (
        <ConflictDialog
          base={base}
          mine={conflict.mine}
          theirs={fieldsOf(conflict.theirs.task)}
          onKeepEditing={() => setConflict(null)}
          onResolve={(chosen) => void resolve(chosen)}
        />
      )}
    </form>
  );
}
