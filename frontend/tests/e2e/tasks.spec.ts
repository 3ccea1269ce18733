/** What can be done with tasks. */
import { format } from "date-fns";
import { expect, test } from "./helpers/test";

const day = (offset: number) => format(Date.now() + offset * 86_400_000, "yyyy-MM-dd");

test("the quick-add line reads dates and priorities, and the task is saved as it was shown", async ({ ann, page }) => {
  await ann.openTasks();
  await ann.newTask.fill("Pay rent tomorrow !high");
  await expect(page.getByText("Tomorrow", { exact: true })).toBeVisible();
  await expect(page.getByText("High priority")).toBeVisible();
  await ann.newTask.press("Enter");
  await expect(ann.row("Pay rent")).toContainText("Tomorrow");
  await expect(ann.newTask).toHaveValue("");
  await expect(ann.newTask).toBeFocused();
  expect(await ann.tasks()).toMatchObject([{ title: "Pay rent", priority: "high", completed: false }]);
});

test("words that were taken for a date are put back into the title", async ({ ann, page }) => {
  await ann.openTasks();
  await ann.newTask.fill("Read Friday");
  await page.getByRole("button", { name: "Keep “Friday” in the title" }).click();
  await ann.newTask.press("Enter");
  await expect(ann.title("Read Friday")).toBeVisible();
  expect(await ann.tasks()).toMatchObject([{ title: "Read Friday", due_date: null }]);
});

test("a line that is no task is refused where it stands", async ({ ann, page }) => {
  await ann.openTasks();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(ann.newTask).toHaveAccessibleDescription("Write what there is to do.");
  await ann.newTask.fill("x".repeat(201));
  await ann.newTask.press("Enter");
  await expect(ann.newTask).toHaveAccessibleDescription("A title has at most 200 characters.");
  expect(await ann.tasks()).toEqual([]);
});

test("every field of a task is edited where it stands", async ({ ann }) => {
  await ann.has({ title: "Draft", priority: "low", due_date: day(1) });
  await ann.openTasks();
  await ann.title("Draft").click();
  const editor = ann.editor("Draft");
  await expect(editor.getByLabel("Title")).toBeFocused();
  await editor.getByLabel("Title").fill("Final");
  await editor.getByLabel("Description").fill("In two\nlines");
  await editor.getByLabel("Due date").fill(day(3));
  await editor.getByLabel("Due time").fill("17:30");
  await editor.getByLabel("Priority").selectOption("High");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(ann.row("Final")).toContainText("17:30");
  await expect(ann.row("Final")).toContainText("High priority");
  await expect(ann.title("Final")).toBeFocused();
  expect(await ann.savedTask("Final")).toMatchObject({ description: "In two\nlines", priority: "high" });

  await ann.title("Final").click();
  await ann.editor("Final").getByLabel("Due date").fill("");
  await ann.editor("Final").getByLabel("Due time").fill("");
  await ann.editor("Final").getByLabel("Description").fill("");
  await ann.editor("Final").getByRole("button", { name: "Save" }).click();
  await expect(ann.row("Final")).not.toContainText("17:30");
  expect(await ann.savedTask("Final")).toMatchObject({ description: null, due_date: null });
});

test("an edit that is cancelled changes nothing, one that is wrong says why", async ({ ann }) => {
  await ann.has("Stay");
  await ann.openTasks();
  await ann.title("Stay").click();
  const title = ann.editor("Stay").getByLabel("Title");
  await title.fill("");
  await ann.editor("Stay").getByRole("button", { name: "Save" }).click();
  await expect(title).toHaveAccessibleDescription("A task needs a title.");
  await ann.editor("Stay").getByRole("button", { name: "Cancel" }).click();
  await expect(ann.title("Stay")).toBeFocused();
  expect(await ann.savedTitles()).toEqual(["Stay"]);
});

test("a task is completed, reopened from its message, and found among what is done", async ({ ann, page }) => {
  await ann.has("Water the plants");
  await ann.openTasks();
  await ann.checkbox("Water the plants").click();
  await expect(page.getByText("Completed “Water the plants”")).toBeVisible();
  await expect(ann.title("Water the plants")).toBeHidden();
  await expect.poll(async () => (await ann.savedTask("Water the plants"))?.completed).toBe(true);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(ann.title("Water the plants")).toBeVisible();
  await expect.poll(async () => (await ann.savedTask("Water the plants"))?.completed).toBe(false);
  await ann.checkbox("Water the plants").click();
  await page.getByText("Done", { exact: true }).click();
  await expect(ann.checkbox("Water the plants")).toBeChecked();
});

test("a deletion is undone, and then nothing was deleted", async ({ ann, page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.method()));
  await ann.has("Keep");
  await ann.has("Go");
  await ann.openTasks();
  await ann.row("Keep").getByRole("button", { name: "Delete Keep" }).click();
  await expect(ann.title("Keep")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(ann.title("Keep")).toBeVisible();
  await ann.row("Go").getByRole("button", { name: "Delete Go" }).click();
  await expect(ann.title("Go")).toBeHidden();
  await page.getByRole("dialog").filter({ hasText: "Deleted “Go”" }).getByLabel("Close").click();
  await expect.poll(() => ann.savedTitles()).toEqual(["Keep"]);
  expect(sent.filter((method) => method === "DELETE")).toHaveLength(1);
});

test("a deletion is sent when its message is gone, or the page is", async ({ ann, page }) => {
  await ann.has("First");
  await ann.has("Second");
  await ann.openTasks();
  await ann.row("First").getByRole("button", { name: "Delete First" }).click();
  await page.mouse.move(0, 0);
  await expect(page.getByText("Deleted “First”")).toBeVisible();
  await expect.poll(() => ann.savedTitles()).toEqual(["Second"]);
  await ann.row("Second").getByRole("button", { name: "Delete Second" }).click();
  await expect(ann.title("Second")).toBeHidden();
  await page.goto("/dashboard");
  await expect.poll(() => ann.savedTitles()).toEqual([]);
});

test("tasks are shown under what is due when", async ({ ann, page }) => {
  await ann.has({ title: "Late", due_date: day(-2) });
  await ann.has({ title: "Now", due_date: day(0) });
  await ann.has({ title: "Later", due_date: day(9) });
  await ann.has("Whenever");
  await ann.openTasks();
  await expect(ann.titles).toHaveText(["Late", "Now", "Later", "Whenever"]);
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveText([
    "Overdue",
    "Today",
    "Upcoming",
    "No due date",
  ]);
  await expect(ann.row("Late")).toContainText("Overdue:");
});

test("filters, order and search are in the address, and outlive a reload", async ({ ann, page }) => {
  await ann.has({ title: "Big house", priority: "high" });
  await ann.has({ title: "Small house", priority: "low" });
  await ann.has({ title: "Boat", description: "a house that floats", priority: "high" });
  const done = await ann.has({ title: "Old house", priority: "high" });
  await ann.changes(done, { completed: true });
  await ann.openTasks();
  await expect(ann.titles).toHaveCount(3);
  await page.getByText("All", { exact: true }).click();
  await expect(ann.titles).toHaveCount(4);
  await page.getByLabel("Priority").selectOption("High");
  await expect(ann.titles).toHaveCount(3);
  await page.getByLabel("Sort").selectOption("Newest first");
  await expect(ann.titles).toHaveText(["Old house", "Boat", "Big house"]);
  await page.getByLabel("Search tasks").fill("floats");
  await expect(ann.titles).toHaveText(["Boat"]);
  await expect(page).toHaveURL("/tasks?status=all&priority=high&sort=created&q=floats");
  await page.reload();
  await expect(ann.titles).toHaveText(["Boat"]);
  await expect(page.getByLabel("Search tasks")).toHaveValue("floats");
  await page.getByLabel("Search tasks").fill("nothing like that");
  await expect(page.getByRole("heading", { name: "No task matches" })).toBeVisible();
  await page.getByRole("button", { name: "Show all open tasks" }).click();
  await expect(ann.titles).toHaveCount(3);
  await expect(page).toHaveURL("/tasks");
});

test("the dashboard counts what is open, overdue, due today and done", async ({ ann, page }) => {
  await ann.has({ title: "Late", due_date: day(-2) });
  await ann.has({ title: "Now", due_date: day(0) });
  await ann.changes(await ann.has("Finished"), { completed: true });
  await page.goto("/dashboard");
  for (const [label, count] of [
    ["Open", "2"],
    ["Overdue", "1"],
    ["Due today", "1"],
    ["Done", "1"],
  ]) {
    await expect(page.getByRole("link", { name: `${label} ${count}`, exact: true })).toBeVisible();
  }
  await page.getByText("Show as a table").click();
  await expect(page.getByRole("table").getByRole("row").nth(1)).toContainText("1");
});

test("another version of a task is shown beside one’s own, and the choice is saved", async ({ ann, page, watch }) => {
  watch.expects(/status of 412/);
  const task = await ann.has({ title: "Shared", description: "As it was", priority: "low" });
  await ann.openTasks();
  const editor = ann.editor("Shared");
  const loaded = page.waitForResponse(`**/tasks/${task.id}`);
  await ann.title("Shared").click();
  await editor.getByLabel("Title").fill("My title");
  await editor.getByLabel("Description").fill("My words");
  await loaded;
  await ann.changes(task, { description: "Their words", priority: "high" });
  await editor.getByRole("button", { name: "Save" }).click();

  const dialog = page.getByRole("dialog", { name: "This task was changed elsewhere" });
  const side = (field: string, name: string) => dialog.getByRole("group", { name: field }).getByRole("radio", { name });
  await expect(side("Title", "Yours My title")).toBeChecked();
  await expect(side("Title", "Saved Shared")).toBeVisible();
  await expect(side("Description", "Yours My words")).toBeChecked();
  await expect(side("Description", "Saved Their words")).toBeVisible();
  // Only they changed it, so theirs is what is offered.
  await expect(side("Priority", "Saved High")).toBeChecked();
  await side("Description", "Saved Their words").check();
  await dialog.getByRole("button", { name: "Save these choices" }).click();
  await expect(dialog).toBeHidden();
  await expect(ann.row("My title")).toContainText("Their words");
  expect(await ann.savedTask("My title")).toMatchObject({ description: "Their words", priority: "high" });
});

test("from a conflict one goes on editing, or takes what is saved", async ({ ann, page, watch }) => {
  watch.expects(/status of 412/);
  const task = await ann.has("Shared");
  await ann.openTasks();
  await ann.title("Shared").click();
  const title = ann.editor("Shared").getByLabel("Title");
  await title.fill("Mine");
  await ann.changes(task, { title: "Theirs" });
  await ann.editor("Shared").getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "This task was changed elsewhere" });
  await dialog.getByRole("button", { name: "Keep editing" }).click();
  await expect(title).toHaveValue("Mine");
  await ann.editor("Shared").getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("button", { name: "Take the saved version" }).click();
  await expect(ann.title("Theirs")).toBeVisible();
  expect(await ann.savedTitles()).toEqual(["Theirs"]);
});

test("an edit of a task that was deleted elsewhere keeps its words on the page", async ({ ann, page, watch }) => {
  watch.expects(/status of (404|412)/);
  const task = await ann.has("Doomed");
  await ann.openTasks();
  await ann.title("Doomed").click();
  await ann.editor("Doomed").getByLabel("Description").fill("Words worth keeping");
  await ann.deletes(task);
  await ann.editor("Doomed").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This task was deleted elsewhere." })).toBeVisible();
  await expect(ann.editor("Doomed").getByLabel("Description")).toHaveValue("Words worth keeping");
});
