"use client";

import { Keyboard, ListChecks, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { Trouble } from "@/components/shell/trouble";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { ApiError, type Task } from "@/lib/api";
import { lastHeld, restore, useHiddenTasks } from "@/lib/pending-deletes";
import { replaceQuery } from "@/lib/replace-query";
import { rowsOf } from "@/lib/rows";
import { queryOf, sorted, viewOf, type TaskView } from "@/lib/task-view";
import { toasts } from "@/lib/toasts";
import { useNow } from "@/lib/use-now";
import { useQueryString } from "@/lib/use-query-string";
import { useShortcuts, type Key } from "@/lib/use-shortcuts";
import { useDeleteTask, useTaskPages, useToggleTask } from "@/lib/use-tasks";
import { FilterBar } from "./filter-bar";
import { QuickAdd } from "./quick-add";
import { TaskList } from "./task-list";

const ShortcutsDialog = dynamic(async () => (await import("./shortcuts-dialog")).ShortcutsDialog, { ssr: false });

/** The page of tasks: at once its frame, and its tasks as soon as it is known whose. */
export function Tasks() {
  const { user, isUnreachable } = useAuth();
  return (
    <>
      <h1 className="mb-4 text-2xl font-semibold tracking-tight">Tasks</h1>
      {user === null ? (
        <>
          <Trouble unreachable={isUnreachable} />
          <div className="mb-4 h-20" />
          <Skeleton rows={6} label="Loading your tasks" />
        </>
      ) : (
        <TasksOf key={user.id} userId={user.id} />
      )}
    </>
  );
}

/** The id of the task whose row has the focus. */
function currentTask(): number | null {
  const row = document.activeElement?.closest("li")?.querySelector<HTMLElement>("[data-task]");
  return row ? Number(row.dataset.task) : null;
}

function TasksOf({ userId }: { userId: string }) {
  const view = viewOf(useQueryString());
  const now = useNow();
  const hidden = useHiddenTasks();
  const pages = useTaskPages(userId, view);
  const toggle = useToggleTask(userId);
  const remove = useDeleteTask(userId);
  const [editing, setEditing] = useState<number | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const [help, setHelp] = useState(false);
  const addInput = useRef<HTMLInputElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);

  const query = queryOf(view);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const tasks = useMemo(
    () => sorted(viewOf(query), data?.pages.flatMap((page) => page.tasks) ?? []).filter(({ id }) => !hidden.has(id)),
    [data, hidden, query],
  );
  const rows = useMemo(() => rowsOf(viewOf(query), tasks, now), [query, tasks, now]);

  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  /** The task some steps from the one that has the focus; the first where none has. */
  const step = (by: number): Task | undefined => {
    const at = tasks.findIndex(({ id }) => id === currentTask());
    return at === -1 ? tasks[0] : tasks[Math.min(Math.max(at + by, 0), tasks.length - 1)];
  };

  const move = (by: number) => {
    setFocused(step(by)?.id ?? null);
  };

  const withCurrent = (act: (task: Task) => void) => {
    const task = tasks.find(({ id }) => id === currentTask());
    if (task !== undefined) {
      act(task);
    }
  };

  /** Hands the focus of a row that is about to go to its neighbour. */
  const leaveRow = (task: Task) => {
    const neighbour = step(1);
    const next = neighbour?.id === task.id ? step(-1) : neighbour;
    if (currentTask() === task.id && next !== undefined && next.id !== task.id) {
      setFocused(next.id);
    }
  };

  const toggleTask = (task: Task) => {
    if (view.status !== "all") {
      leaveRow(task);
    }
    toggle(task);
  };

  const deleteTask = (task: Task) => {
    leaveRow(task);
    remove(task);
  };

  const edit = (taskId: number | null) => {
    setEditing(taskId);
    if (taskId === null) {
      setFocused(editing);
    }
  };

  const actions: Record<Key, () => void> = {
    q: () => addInput.current?.focus(),
    "/": () => searchInput.current?.select(),
    j: () => move(1),
    k: () => move(-1),
    x: () => withCurrent(toggleTask),
    e: () => withCurrent(({ id }) => edit(id)),
    Delete: () => withCurrent(deleteTask),
    z: () => {
      const taskId = lastHeld();
      if (taskId !== undefined && restore(taskId)) {
        toasts.close(`deleted-${taskId}`);
        setFocused(taskId);
      }
    },
    "?": () => setHelp(true),
  };
  useShortcuts(actions);

  const error = pages.error;
  return (
    <>
      <Trouble unreachable={error instanceof ApiError && error.passing} />
      <QuickAdd userId={userId} input={addInput} />
      <div className="my-3">
        <FilterBar view={view} search={searchInput} onChange={(next) => replaceQuery(queryOf(next))} />
      </div>
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={6} label="Loading your tasks" />
        ) : (
          <Empty icon={<SearchX aria-hidden size={28} />} title="Your tasks could not be loaded" text={error.message}>
            <Button onClick={() => void pages.refetch()}>Try again</Button>
          </Empty>
        )
      ) : rows.length === 0 ? (
        <NoTasks view={view} onReset={() => replaceQuery("")} />
      ) : (
        <TaskList
          userId={userId}
          rows={rows}
          now={now}
          editing={editing}
          focused={focused}
          onFocused={() => setFocused(null)}
          onEdit={edit}
          onToggle={toggleTask}
          onDelete={deleteTask}
          onNearEnd={nearEnd}
        />
      )}
      {isFetchingNextPage && <Skeleton rows={1} label="Loading more tasks" />}
      {data !== undefined && (
        <div className="mt-6 hidden sm:block">
          <Button look="quiet" size="small" onClick={() => setHelp(true)}>
            <Keyboard aria-hidden size={16} />
            Keyboard shortcuts
          </Button>
        </div>
      )}
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-14 text-center">
      <span className="text-soft">{icon}</span>
      <h2 className="font-semibold">{title}</h2>
      <p className="max-w-sm text-soft">{text}</p>
      {children}
    </div>
  );
}

function NoTasks({ view, onReset }: { view: TaskView; onReset: () => void }) {
  if (view.q !== "" || view.priority !== "any") {
    return (
      <Empty
        icon={<SearchX aria-hidden size={28} />}
        title="No task matches"
        text="Search for something else, or show all."
      >
        <Button onClick={onReset}>Show all open tasks</Button>
      </Empty>
    );
  }
  const text = {
    open: "Write above what there is to do. “Call mum tomorrow !high” is understood.",
    done: "What you complete is kept here.",
    all: "Write above what there is to do.",
  }[view.status];
  return (
    <Empty
      icon={<ListChecks aria-hidden size={28} />}
      title={view.status === "done" ? "Nothing done yet" : "Nothing to do"}
      text={text}
    />
  );
}
