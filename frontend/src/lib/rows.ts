import type { Task } from "./api";
import { BUCKETS, bucketOf } from "./due";
import type { TaskView } from "./task-view";

export type Row =
  | { readonly kind: "heading"; readonly key: string; readonly text: string; readonly overdue: boolean }
  | { readonly kind: "task"; readonly key: string; readonly task: Task };

/** The lines of the list: the tasks, and headings between them where the view is what is due when. */
export function rowsOf(view: TaskView, tasks: readonly Task[], now: Date): Row[] {
  const grouped = view.sort === "due" && view.status === "open";
  let last = "";
  return tasks.flatMap((task) => {
    const row: Row = { kind: "task", key: String(task.id), task };
    const bucket = bucketOf(task.due_date, now);
    if (!grouped || bucket === last) {
      return [row];
    }
    last = bucket;
    return [{ kind: "heading", key: bucket, text: BUCKETS[bucket], overdue: bucket === "overdue" }, row];
  });
}
