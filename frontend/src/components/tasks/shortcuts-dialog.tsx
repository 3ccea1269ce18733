"use client";

import { Dialog } from "@/components/ui/dialog";
import { SHORTCUTS, usePreference } from "@/lib/preferences";
import { SHOWN_KEYS } from "@/lib/use-shortcuts";

/** What the keys do, and a way to have them do nothing. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [shortcuts, choose] = usePreference(SHORTCUTS);
  return (
    <Dialog open title="Keyboard shortcuts" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {SHOWN_KEYS.map(({ key, label, does }) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-flex min-h-7 min-w-7 items-center justify-center rounded-md border border-line-strong bg-sunken px-2 font-sans text-sm font-medium">
                {label ?? key}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex items-center gap-3 border-t border-line pt-4">
        <input
          type="checkbox"
          checked={shortcuts === "on"}
          onChange={(event) => choose(event.target.checked ? "on" : "off")}
          className="size-5 accent-accent"
        />
        Use keyboard shortcuts
      </label>
    </Dialog>
  );
}
