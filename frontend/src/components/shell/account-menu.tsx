"use client";

import { Menu } from "@base-ui/react/menu";
import { Check, LogOut } from "lucide-react";
import { useEffect, useRef } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { leaveFor } from "@/lib/leave";
import { sendAllDeletes } from "@/lib/pending-deletes";
import { THEME, usePreference, type Theme } from "@/lib/preferences";
import { LOGIN } from "@/lib/routes";
import { sayError } from "@/lib/toasts";

const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: "system", label: "System theme" },
  { value: "light", label: "Light theme" },
  { value: "dark", label: "Dark theme" },
];

const ITEM =
  "flex min-h-10 items-center gap-3 rounded-md px-3 text-sm outline-none select-none data-highlighted:bg-accent-tint data-highlighted:text-accent-strong";

/** Who is signed in, the theme, and the way out. */
export function AccountMenu() {
  const { user, signOut } = useAuth();
  const [theme, chooseTheme] = usePreference(THEME);
  // Inside the header, so that the menu belongs to a landmark.
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
  }, [theme]);

  const leave = async () => {
    try {
      await sendAllDeletes();
      await signOut();
      leaveFor(LOGIN);
    } catch (error) {
      sayError(error);
    }
  };

  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label="Account"
        className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-tint font-semibold text-accent-strong hover:bg-accent hover:text-on-accent"
      >
        {(user?.name || user?.email || "·").slice(0, 1).toUpperCase()}
      </Menu.Trigger>
      <Menu.Portal container={frame}>
        <Menu.Positioner sideOffset={8} align="end" className="z-30">
          <Menu.Popup className="card w-64 bg-raised p-1.5 shadow-lg outline-none">
            <Menu.Group>
              <Menu.GroupLabel className="px-3 py-2 text-sm">
                <span className="block font-medium">{user?.name}</span>
                <span className="block text-soft">{user?.email}</span>
              </Menu.GroupLabel>
            </Menu.Group>
            <Menu.Separator className="my-1.5 h-px bg-line" />
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => chooseTheme(value)} aria-label="Theme">
              {THEMES.map(({ value, label }) => (
                <Menu.RadioItem key={value} value={value} closeOnClick className={ITEM}>
                  <span className="size-4">
                    <Menu.RadioItemIndicator>
                      <Check aria-hidden size={16} />
                    </Menu.RadioItemIndicator>
                  </span>
                  {label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className="my-1.5 h-px bg-line" />
            <Menu.Item onClick={() => void leave()} className={ITEM}>
              <LogOut aria-hidden size={16} />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
      <div ref={frame} className="contents" />
    </Menu.Root>
  );
}
