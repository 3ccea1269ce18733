"use client";

import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { toasterListens } from "@/lib/toasts";
import { buttonClass } from "./button";

export const manager = Toast.createToastManager();

function Toasts() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "down"]}
      className="card flex items-center gap-2 bg-raised py-2 pr-2 pl-4 shadow-lg transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 data-limited:hidden data-[type=error]:border-danger"
    >
      <Toast.Content className="flex min-w-0 flex-1 items-center gap-2">
        <Toast.Title className="line-clamp-3 min-w-0 flex-1 text-sm font-medium" />
        <Toast.Action className={buttonClass({ size: "small" })} />
      </Toast.Content>
      <Toast.Close aria-label="Close" className={buttonClass({ look: "quiet", size: "icon" })}>
        <X aria-hidden size={16} />
      </Toast.Close>
    </Toast.Root>
  ));
}

/** Where the messages appear; F6 leads the keyboard there. */
export default function Toaster() {
  // After the provider's own effects, which are what listens.
  useEffect(toasterListens, []);
  return (
    <Toast.Provider toastManager={manager} timeout={6_000} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 left-4 z-30 flex flex-col gap-2 xs:left-auto xs:w-96">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
