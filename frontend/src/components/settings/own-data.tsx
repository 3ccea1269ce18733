"use client";

import { useMutation } from "@tanstack/react-query";
import { format } from "date-fns";
import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ApiError, getExport, type ExportedData } from "@/lib/api";
import { saveFile } from "@/lib/save-file";
import { LogInAgain } from "./log-in-again";
import { Section } from "./section";

/** Gives people what is kept of them, as a file. */
export function OwnData() {
  const [count, setCount] = useState(0);
  const { mutate, isPending, error, data } = useMutation<ExportedData>({
    mutationFn: () => {
      setCount(0);
      return getExport(setCount);
    },
    onSuccess: (all) => {
      saveFile(`tasks-${format(Date.now(), "yyyy-MM-dd")}.json`, "application/json", JSON.stringify(all, null, 2));
    },
  });
  return (
    <Section
      title="Your data"
      text="Your profile, your sessions and all of your tasks in one file (JSON) that other programs can read."
    >
      {error instanceof ApiError && error.code === "session_not_fresh" ? (
        <LogInAgain text="For your safety, this needs a sign-in of the last 24 hours." />
      ) : (
        <div className="flex flex-col items-start gap-4">
          <Alert>{error?.message}</Alert>
          <Button isBusy={isPending} onClick={() => mutate()}>
            {isPending ? "Collecting…" : "Download my data"}
          </Button>
          <p role="status" className="text-sm text-soft empty:hidden">
            {isPending && count > 0 && `${count} tasks so far`}
            {data && `Saved, with ${count === 1 ? "1 task" : `${count} tasks`}`}
          </p>
        </div>
      )}
    </Section>
  );
}
