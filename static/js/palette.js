// The command palette. Ctrl-K (Cmd-K) or its link opens it, typing finds, arrows choose, Enter opens,
// Escape closes and gives the focus back (as every <dialog> does). Without this the link opens a page.

const palette = document.querySelector("dialog[data-palette]");
const field = palette?.querySelector("[role=combobox]");
const results = palette?.querySelector("[data-palette-results]");
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

const options = () => [...results.querySelectorAll("[role=option]")];
const chosen = () => results.querySelector("[role=option][aria-selected=true]");

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) { field.removeAttribute("aria-activedescendant"); return; }
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};

const open = () => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; });
  palette.showModal();
  field.select();
  htmx.trigger(field, "opened");
};

// What is shown answers what is typed: else Enter sends the form, which finds it on a page.
const isCurrent = () => {
  const answered = results.querySelector("[data-text]")?.dataset.text;
  return answered === field.value.trim().split(/\s+/).join(" ");
};

const steps = {
  ArrowDown: (all, at) => all[(at + 1) % all.length],
  ArrowUp: (all, at) => all[(at - 1 + all.length) % all.length],
  Home: (all) => all[0],
  End: (all) => all[all.length - 1],
};

const pressed = (event) => {
  const all = options();
  if (event.key === "Enter" && isCurrent() && chosen()) {
    event.preventDefault();
    chosen().click();
  } else if (steps[event.key] && all.length && !event.shiftKey) {
    event.preventDefault();
    choose(steps[event.key](all, all.indexOf(chosen())));
  }
};

const answered = () => {
  const all = options();
  field.setAttribute("aria-expanded", String(all.length > 0));
  choose(all[0]);
  const said = all.length === 1 ? "1 found" : `${all.length || "Nothing"} found`;
  palette.querySelector("[data-palette-status]").textContent = said;
};

if (palette) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) palette.close(); else open();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); open(); }
  });
  palette.addEventListener("click", (event) => {
    if (event.target === palette || event.target.closest("[data-palette-close]")) palette.close();
  });
  field.addEventListener("keydown", pressed);
  results.addEventListener("htmx:afterSwap", answered);
  if (mac) document.querySelectorAll("[data-palette-key]").forEach((key) => { key.textContent = "⌘ K"; });
}
