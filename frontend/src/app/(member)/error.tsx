"use client";

import { Button } from "@/components/ui/button";

/** What is shown where a page fails, such as one of its late parts that did not arrive. */
export default function PageError() {
  return (
    <div role="alert" className="flex flex-col items-start gap-3">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not go on</h1>
      <p className="text-soft">A part of it is missing or has failed. What you typed on the list of tasks is kept.</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        Load it again
      </Button>
    </div>
  );
}
