"use client";

import { defaultRangeExtractor, useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import type { Task } from "@/lib/api";
import type { Row } from "@/lib/rows";
import { TaskRow } from "./task-row";

const loadEditor = async () => (await import("./task-editor")).TaskEditor;
const TaskEditor = dynamic(loadEditor, {
  ssr: false,
  loading: () => <div className="card h-96" />,
});

interface TaskListProps {
  readonly userId: string;
  readonly rows: readonly Row[];
  readonly now: Date;
  readonly editing: number | null;
  /** The task whose title is to have the focus as soon as it is there. */
  readonly focused: number | null;
  readonly onFocused: () => void;
  readonly onEdit: (taskId: number | null) => void;
  readonly onToggle: (task: Task) => void;
  readonly onDelete: (task: Task) => void;
  /** Called when the end of what is loaded comes near. */
  readonly onNearEnd: () => void;
}

/** The rows of the list, of which only those near the window are in the page. */
export function TaskList(props: TaskListProps) {
  const { userId, rows, now, editing, focused, onFocused, onEdit, onToggle, onDelete, onNearEnd } = props;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // An open editor and what has the focus stay in the page wherever one scrolls.
  const kept = [editing, focused].flatMap((id) => {
    const at = id === null ? -1 : rows.findIndex((row) => row.kind === "task" && row.task.id === id);
    return at === -1 ? [] : [at];
  });
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (at) => (rows[at]?.kind === "heading" ? 48 : 76),
    getItemKey: (at) => rows[at]?.key ?? at,
    overscan: 10,
    scrollMargin: top,
    scrollPaddingStart: 80,
    scrollPaddingEnd: 80,
    rangeExtractor: (range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
  });

  useEffect(() => {
    const measure = () => setTop(list.current?.offsetTop ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, []);

  // Once the tasks are there, so that one can be edited while there is no network.
  useEffect(() => {
    void loadEditor().catch(() => undefined);
  }, []);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - 20) {
      onNearEnd();
    }
  }, [lastShown, rows.length, onNearEnd]);

  // After each render until the row is there: scrolling to it is what brings it into the page.
  useEffect(() => {
    const at = rows.findIndex((row) => row.kind === "task" && row.task.id === focused);
    if (focused === null || at === -1) {
      return;
    }
    virtualizer.scrollToIndex(at, { align: "auto" });
    const title = list.current?.querySelector<HTMLElement>(`[data-task="${focused}"]`);
    if (title) {
      title.focus({ preventScroll: true });
      onFocused();
    }
  });

  return (
    <ul ref={list} aria-label="Tasks" className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {items.map(({ key, index, start }) => {
        const row = rows[index];
        if (row === undefined) {
          return null;
        }
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className="absolute inset-x-0 top-0 pb-2"
            style={{ transform: `translateY(${start - top}px)` }}
          >
            {row.kind === "heading" ? (
              <h2 className={`pt-4 pb-0.5 text-sm font-semibold ${row.overdue ? "text-danger" : "text-soft"}`}>
                {row.text}
              </h2>
            ) : editing === row.task.id ? (
              <TaskEditor userId={userId} task={row.task} onDone={() => onEdit(null)} />
            ) : (
              <TaskRow
                task={row.task}
                now={now}
                onToggle={() => onToggle(row.task)}
                onEdit={() => onEdit(row.task.id)}
                onDelete={() => onDelete(row.task)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
