"use client";

import { CalendarDays, Flag, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Task } from "@/lib/api";
import { bucketOf, dueLabel } from "@/lib/due";

interface TaskRowProps {
  readonly task: Task;
  readonly now: Date;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** A task in the list. */
export function TaskRow({ task, now, onToggle, onEdit, onDelete }: TaskRowProps) {
  const overdue = !task.completed && bucketOf(task.due_date, now) === "overdue";
  return (
    <div className="card group flex items-start gap-1 py-1.5 pr-1.5 pl-1 focus-within:border-line-strong hover:border-line-strong">
      <label className="flex size-10 shrink-0 cursor-pointer items-center justify-center">
        <input
          type="checkbox"
          aria-label={`Complete ${task.title}`}
          checked={task.completed}
          onChange={onToggle}
          className="size-5 cursor-pointer accent-accent"
        />
      </label>
      <div className="min-w-0 flex-1 py-1.5">
        <button
          type="button"
          data-task={task.id}
          aria-label={`Edit ${task.title}`}
          onClick={onEdit}
          className={`block max-w-full rounded-sm text-left font-medium ${task.completed ? "text-soft line-through" : ""}`}
        >
          {task.title}
        </button>
        {(task.due_date !== null || task.priority !== "medium" || task.description) && (
          <p className="mt-0.5 flex min-w-0 flex-wrap items-center gap-x-3 text-sm text-soft">
            {task.due_date !== null && (
              <span className={`inline-flex items-center gap-1.5 ${overdue ? "font-medium text-danger" : ""}`}>
                <CalendarDays aria-hidden size={14} />
                <span>
                  {overdue && <span className="sr-only">Overdue: </span>}
                  {dueLabel(task.due_date, now)}
                </span>
              </span>
            )}
            {task.priority !== "medium" && (
              <span
                className={`inline-flex items-center gap-1.5 ${task.priority === "high" ? "font-medium text-warn" : ""}`}
              >
                <Flag aria-hidden size={14} />
                {task.priority === "high" ? "High priority" : "Low priority"}
              </span>
            )}
            {task.description && <span className="line-clamp-1 min-w-0 basis-40 grow">{task.description}</span>}
          </p>
        )}
      </div>
      <Button look="quiet" size="icon" aria-label={`Delete ${task.title}`} onClick={onDelete}>
        <Trash2 aria-hidden size={17} />
      </Button>
    </div>
  );
}
