import { format } from "date-fns";
import type { Person } from "./person";

const day = (offset: number) => format(Date.now() + offset * 86_400_000, "yyyy-MM-dd");

/** A list as somebody might have it, for pictures and measurements. */
export async function fillList(person: Person): Promise<void> {
  await person.has({ title: "Send the offer to Martha", priority: "high", due_date: day(-1) });
  await person.has({ title: "Water the plants", due_date: day(0) });
  await person.has({
    title: "Prepare the talk",
    due_date: day(0),
    priority: "high",
    description: "Three examples, no slides",
  });
  await person.has({ title: "Book a table for Friday", due_date: day(2) });
  await person.has({ title: "Renew the passport", due_date: day(19), priority: "low" });
  await person.has("Read the book that Tom lent me");
  for (const title of ["Pay the rent", "Call the dentist", "Clean the bicycle"]) {
    await person.changes(await person.has(title), { completed: true });
  }
}
