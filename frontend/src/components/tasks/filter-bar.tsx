"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState, type RefObject } from "react";
import { Segments } from "@/components/ui/segments";
import { CompactSelect } from "@/components/ui/select";
import type { TaskView } from "@/lib/task-view";

interface FilterBarProps {
  readonly view: TaskView;
  readonly onChange: (view: TaskView) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

const STATUS = [
  ["open", "Open"],
  ["done", "Done"],
  ["all", "All"],
] as const;
const PRIORITY = [
  ["any", "Any priority"],
  ["high", "High"],
  ["medium", "Medium"],
  ["low", "Low"],
] as const;
const SORT = [
  ["due", "By due date"],
  ["created", "Newest first"],
  ["priority", "By priority"],
] as const;

/** Which tasks are shown, and in which order. */
export function FilterBar({ view, onChange, search }: FilterBarProps) {
  return (
    <div role="search" aria-label="Tasks" className="flex flex-wrap items-center gap-2">
      <Segments
        label="Show"
        value={view.status}
        options={STATUS}
        onChoose={(status) => onChange({ ...view, status })}
      />
      <SearchBox text={view.q} input={search} onSearch={(q) => onChange({ ...view, q })} />
      <CompactSelect
        label="Priority"
        value={view.priority}
        options={PRIORITY}
        onChoose={(priority) => onChange({ ...view, priority })}
      />
      <CompactSelect label="Sort" value={view.sort} options={SORT} onChoose={(sort) => onChange({ ...view, sort })} />
    </div>
  );
}

interface SearchBoxProps {
  readonly text: string;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onSearch: (text: string) => void;
}

/** Searches a moment after the last key, so that a word is one request. */
function SearchBox({ text, input, onSearch }: SearchBoxProps) {
  // What is typed and not yet in the address; null while the address says it all.
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  const type = (value: string) => {
    setTyped(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(value), 250);
  };

  const leave = () => {
    clearTimeout(timer.current);
    if (typed !== null && typed !== text) {
      onSearch(typed);
    }
    setTyped(null);
  };

  return (
    // Letters of 16 pixels on phones: iOS zooms into a field with smaller ones.
    <div className="relative min-w-36 flex-1">
      <Search aria-hidden size={16} className="pointer-events-none absolute inset-y-0 left-3 my-auto text-soft" />
      <input
        ref={input}
        type="search"
        aria-label="Search tasks"
        placeholder="Search"
        value={typed ?? text}
        className="min-h-10 w-full rounded-lg border border-line-strong bg-surface pr-2 pl-9 text-base sm:text-sm"
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === "Escape" && event.currentTarget.value === "") {
            event.currentTarget.blur();
          }
        }}
      />
    </div>
  );
}
