"use client";

import { Segments } from "@/components/ui/segments";
import { SHORTCUTS, THEME, usePreference } from "@/lib/preferences";
import { Section } from "./section";

const THEMES = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

export function Appearance() {
  const [theme, chooseTheme] = usePreference(THEME);
  const [shortcuts, chooseShortcuts] = usePreference(SHORTCUTS);
  return (
    <Section title="This browser">
      <div className="flex flex-col items-start gap-4">
        <Segments label="Theme" value={theme} options={THEMES} onChoose={chooseTheme} />
        <label className="flex min-h-6 items-center gap-3 text-[0.9375rem]">
          <input
            type="checkbox"
            checked={shortcuts === "on"}
            onChange={(event) => chooseShortcuts(event.target.checked ? "on" : "off")}
            className="size-5 accent-accent"
          />
          Use keyboard shortcuts on the task list
        </label>
      </div>
    </Section>
  );
}
