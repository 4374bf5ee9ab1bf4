import "./segments-form.js";

// The catalogue's search, and where the cursor goes. Everything else is the server's business.
const catalogue = document.querySelector("[data-catalogue]");
const field = catalogue?.querySelector("[data-find]");

const find = () => {
  const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let any = false;
  for (const shelf of catalogue.querySelectorAll("details")) {
    let shown = 0;
    for (const item of shelf.querySelectorAll("[data-item]")) {
      const hit = words.every((word) => item.dataset.words.includes(word));
      item.hidden = !hit;
      shown += hit;
    }
    shelf.hidden = shown === 0;
    shelf.open = words.length ? shown > 0 : shelf === catalogue.querySelector("details");
    any ||= shown > 0;
  }
  catalogue.querySelector("[data-none]").hidden = any;
};

field?.addEventListener("input", find);
field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  catalogue.querySelector("details:not([hidden]) [data-item]:not([hidden]) button")?.click();
});

// "+ Condition" says which group is meant; the next thing to do is to find the attribute.
let aimed = false;
document.addEventListener("click", (event) => {
  aimed = Boolean(event.target.closest?.("[data-aim]"));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!aimed || !event.target.matches?.("[data-rule]")) return;
  aimed = false;
  field.focus();
});
