import { expect, request, type APIRequestContext, type APIResponse, type Locator, type Page } from "@playwright/test";
import type { NewTask, Task, TaskChange } from "@/lib/api";

export interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const run = Math.random().toString(36).slice(2, 10);
let count = 0;

/** An account that nobody has yet. */
export function newAccount(name: string): Account {
  count += 1;
  return { name, email: `${name.toLowerCase()}-${count}-${run}@example.com`, password: "correct horse battery" };
}

async function answered<T>(response: APIResponse): Promise<T> {
  expect(response.ok(), `${response.url()} answered ${response.status()}`).toBe(true);
  return (await response.json()) as T;
}

/** Somebody who uses the application in a page, and the API from another device. */
export class Person {
  private constructor(
    readonly page: Page,
    readonly account: Account,
    readonly id: string,
    private readonly device: APIRequestContext,
  ) {}

  /** Makes an account by the API, and signs it in in the page's browser. */
  static async signedUp(page: Page, name: string, baseURL: string): Promise<Person> {
    const account = newAccount(name);
    const origin = { origin: baseURL };
    const answer = await page.request.post("/api/auth/sign-up/email", { data: account, headers: origin });
    const { user, token } = await answered<{ user: { id: string }; token: string }>(answer);
    const extraHTTPHeaders = { ...origin, authorization: `Bearer ${token}` };
    return new Person(page, account, user.id, await request.newContext({ baseURL, extraHTTPHeaders }));
  }

  /** Lets go of what the test framework would else keep. */
  async leaves(): Promise<void> {
    await this.device.dispose();
  }

  /** Opens the list of tasks, ready to be used. */
  async openTasks(query = ""): Promise<void> {
    await this.page.goto(`/tasks${query}`);
    await expect(this.newTask).toBeVisible();
  }

  get newTask(): Locator {
    return this.page.getByLabel("New task");
  }

  get titles(): Locator {
    return this.page.getByRole("list", { name: "Tasks" }).locator("[data-task]");
  }

  title(text: string): Locator {
    return this.page.getByRole("button", { name: `Edit ${text}`, exact: true });
  }

  checkbox(text: string): Locator {
    return this.page.getByRole("checkbox", { name: `Complete ${text}`, exact: true });
  }

  row(text: string): Locator {
    return this.page.getByRole("listitem").filter({ has: this.title(text) });
  }

  editor(text: string): Locator {
    return this.page.getByRole("form", { name: `Edit ${text}`, exact: true });
  }

  /** Writes a task in the quick-add line and sends it. */
  async add(line: string): Promise<void> {
    await this.newTask.fill(line);
    await this.newTask.press("Enter");
    await expect(this.newTask).toHaveValue("");
  }

  /** This person's tasks as the API has them. */
  async tasks(): Promise<Task[]> {
    return answered(await this.device.get(`/api/${this.id}/tasks`));
  }

  /** The titles of this person's tasks as the API has them, sorted. */
  async savedTitles(): Promise<string[]> {
    return (await this.tasks()).map(({ title }) => title).sort();
  }

  async savedTask(title: string): Promise<Task | undefined> {
    return (await this.tasks()).find((task) => task.title === title);
  }

  /** Makes a task from the other device. */
  async has(task: NewTask | string): Promise<Task> {
    const data = typeof task === "string" ? { title: task } : task;
    return answered(await this.device.post(`/api/${this.id}/tasks`, { data }));
  }

  /** Changes a task from the other device. */
  async changes(task: Task, change: TaskChange): Promise<Task> {
    return answered(await this.device.put(`/api/${this.id}/tasks/${task.id}`, { data: change }));
  }

  /** Deletes a task from the other device. */
  async deletes(task: Task): Promise<void> {
    await answered(await this.device.delete(`/api/${this.id}/tasks/${task.id}`));
  }

  /** Signs out everywhere from the other device. */
  async endsAllSessions(): Promise<void> {
    await answered(await this.device.post("/api/auth/revoke-sessions", { data: {} }));
  }
}

/** Opens a page for visitors and waits until its scripts listen: asking who is there is the first thing they do. */
export async function openForm(page: Page, address: string): Promise<void> {
  const asked = page.waitForResponse("**/api/auth/get-session");
  await page.goto(address);
  await asked;
}

/** Fills in the login form that is open, and sends it. */
export async function logIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** Opens the page to sign up, fills in its form and sends it. */
export async function signUp(page: Page, { name, email, password }: Account): Promise<void> {
  await openForm(page, "/signup");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Confirm password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign up" }).click();
}
