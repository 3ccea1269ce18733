import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from "@tanstack/react-query";
import {
  ApiError,
  createTask,
  deleteTask,
  getTasks,
  newKey,
  toggleTaskComplete,
  updateTask,
  type NewTask,
  type Task,
  type TaskChange,
  type TaskPage,
  type TaskVersion,
} from "./api";
import { holdDelete, restore, sendDelete } from "./pending-deletes";
import { apiQueryOf, belongs, type TaskView } from "./task-view";
import { sayError, toasts } from "./toasts";

const PAGE = 200;

export const tasksKey = (userId: string) => ["tasks", userId] as const;
const listsKey = (userId: string) => [...tasksKey(userId), "list"] as const;

type Pages = InfiniteData<TaskPage, string>;

/** The tasks of a view, page after page. */
export function useTaskPages(userId: string, view: TaskView) {
  return useInfiniteQuery({
    queryKey: [...listsKey(userId), view],
    queryFn: ({ pageParam, signal }) =>
      getTasks(
        userId,
        { ...apiQueryOf(view), limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.cursor,
  });
}

/** Rewrites the tasks of every list that is in memory. */
function rewriteLists(
  client: QueryClient,
  userId: string,
  rewrite: (tasks: Task[], view: TaskView, page: number) => Task[],
) {
  for (const [key, data] of client.getQueriesData<Pages>({ queryKey: listsKey(userId) })) {
    const view = key.at(-1) as TaskView;
    client.setQueryData<Pages>(
      key,
      data && { ...data, pages: data.pages.map((page, at) => ({ ...page, tasks: rewrite(page.tasks, view, at) })) },
    );
  }
}

/** Shows a task as it is now wherever it is listed. Where it stays is decided when the API has answered. */
function show(client: QueryClient, userId: string, task: Task) {
  rewriteLists(client, userId, (tasks) => tasks.map((other) => (other.id === task.id ? task : other)));
}

/** Puts a task as the API has it in the lists where it belongs, and takes it out of the others. */
function place(client: QueryClient, userId: string, task: Task) {
  rewriteLists(client, userId, (tasks, view, page) => {
    const others = tasks.filter(({ id }) => id !== task.id);
    return page === 0 && belongs(view, task) ? [task, ...others] : others;
  });
  void client.invalidateQueries({ queryKey: tasksKey(userId), refetchType: "none" });
}

function drop(client: QueryClient, userId: string, taskId: number) {
  rewriteLists(client, userId, (tasks) => tasks.filter(({ id }) => id !== taskId));
  void client.invalidateQueries({ queryKey: tasksKey(userId), refetchType: "none" });
}

/** Adds a task. The key goes with the words, so that sending them again after a lost answer adds nothing twice. */
export function useCreateTask(userId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ task, key }: { task: NewTask; key: string }) => createTask(userId, task, { key }),
    onSuccess: ({ task }) => {
      place(client, userId, task);
    },
  });
}

interface Save {
  readonly taskId: number;
  readonly change: TaskChange;
  readonly tag: string;
  readonly key: string;
}

/** Saves an edit, to the version that was seen and no other. */
export function useSaveTask(userId: string) {
  const client = useQueryClient();
  return useMutation<TaskVersion, Error, Save>({
    mutationFn: ({ taskId, change, tag, key }) => updateTask(userId, taskId, change, { tag, key }),
    onSuccess: ({ task }) => {
      place(client, userId, task);
    },
  });
}

/** Takes over what somebody else has made of a task. */
export function usePlaceTask(userId: string): (task: Task) => void {
  const client = useQueryClient();
  return (task) => {
    place(client, userId, task);
  };
}

/** Completes or reopens: seen at once, taken back where the API refuses. */
export function useToggleTask(userId: string): (task: Task) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ task, key }: { task: Task; key: string }) =>
      toggleTaskComplete(userId, task.id, !task.completed, { key }),
    scope: { id: "toggle" },
    onMutate: async ({ task }) => {
      await client.cancelQueries({ queryKey: tasksKey(userId) });
      show(client, userId, { ...task, completed: !task.completed });
    },
    onError: (error, { task }) => {
      show(client, userId, task);
      sayError(error);
    },
    onSuccess: ({ task }) => {
      place(client, userId, task);
      toasts.add({
        id: `toggled-${task.id}`,
        title: task.completed ? `Completed “${task.title}”` : `Reopened “${task.title}”`,
        actionProps: {
          children: "Undo",
          onClick: () => {
            toasts.close(`toggled-${task.id}`);
            mutate({ task, key: newKey() });
          },
        },
      });
    },
  });
  return (task) => {
    mutate({ task, key: newKey() });
  };
}

/** Deletes once the person had time to take it back. */
export function useDeleteTask(userId: string): (task: Task) => void {
  const client = useQueryClient();
  return (task) => {
    const key = newKey();
    const toastId = `deleted-${task.id}`;
    const send = async (left: number): Promise<void> => {
      try {
        await deleteTask(userId, task.id, { key });
      } catch (error) {
        const { passing, status } = error as ApiError;
        if (passing && left > 0) {
          return send(left - 1);
        }
        if (status !== 404) {
          throw error;
        }
      }
    };
    holdDelete(task.id, async ({ last }) => {
      if (last) {
        await deleteTask(userId, task.id, { key, keepalive: true });
      } else {
        await send(2);
      }
      drop(client, userId, task.id);
    });
    toasts.add({
      id: toastId,
      title: `Deleted “${task.title}”`,
      timeout: 6_000,
      onClose: () => {
        sendDelete(task.id).catch(sayError);
      },
      actionProps: {
        children: "Undo",
        onClick: () => {
          restore(task.id);
          toasts.close(toastId);
        },
      },
    });
  };
}
