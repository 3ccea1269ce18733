"use client";

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import type { Day } from "@/lib/statistics";

const HEIGHT = 220;

/** The page's own colors, which a canvas does not know by itself. */
function colorOf(element: Element, name: string): string {
  const probe = element.appendChild(document.createElement("span"));
  probe.className = name;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function draw(element: HTMLElement, days: readonly Day[]): uPlot {
  const soft = colorOf(element, "text-soft");
  const accent = colorOf(element, "text-accent");
  const line = colorOf(element, "text-line");
  const axis: uPlot.Axis = { stroke: soft, font: "12px Inter, sans-serif", ticks: { show: false } };
  // Days that have room for their names.
  const step = element.clientWidth < 400 ? 6 : 3;
  const paths = uPlot.paths.bars?.({ size: [0.6, 40], radius: 0.15 });
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [-0.6, days.length - 0.4] },
        y: { range: (_plot, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          splits: () => days.map((_, at) => at).filter((at) => (days.length - 1 - at) % step === 0),
          values: (_plot, splits) =>
            splits.map((at) => days[at]?.start.toLocaleDateString("en-GB", { day: "numeric", month: "short" }) ?? ""),
        },
        { ...axis, size: 32, grid: { stroke: line, width: 1 }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      ],
      series: [{}, { fill: accent, stroke: accent, points: { show: false }, ...(paths && { paths }) }],
    },
    [
      days.map((_, at) => at), // Nothing is drawn for nothing.
      days.map(({ done }) => done || null),
    ],
    element,
  );
}

/** Bars for what was done on each day. A table beside it says the same in words, so the picture is hidden from readers. */
export default function DoneChart({ days }: { days: readonly Day[] }) {
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = frame.current;
    if (element === null) {
      return;
    }
    let plot = draw(element, days);
    const redraw = () => {
      plot.destroy();
      plot = draw(element, days);
    };
    const size = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    size.observe(element);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", redraw);
    return () => {
      size.disconnect();
      theme.disconnect();
      system.removeEventListener("change", redraw);
      plot.destroy();
    };
  }, [days]);

  return <div ref={frame} aria-hidden className="h-[220px] overflow-hidden" />;
}
