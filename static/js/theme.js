// Runs in <head> before the page is painted, so that a chosen theme does not flash.
(() => {
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;

  const saved = read();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;

  const show = () => document.querySelectorAll("[data-theme-toggle]").forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(dark()));
  });

  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private mode: this page only */ }
    show();
  });
})();
