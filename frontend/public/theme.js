// Before the first paint, so that a chosen theme does not flash the other one. Storage may be closed to this page.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {}
