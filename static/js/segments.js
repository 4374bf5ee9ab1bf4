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

// The arrow keys walk through what was found, Enter adds it.
const shown = () => [...catalogue.querySelectorAll("details[open]:not([hidden]) [data-item]:not([hidden])")];
const mark = (item) => {
  catalogue.querySelector(".is-marked")?.classList.remove("is-marked");
  item?.classList.add("is-marked");
  item?.scrollIntoView({ block: "nearest" });
};

field?.addEventListener("input", () => {
  find();
  mark(field.value.trim() ? shown()[0] : null);
});
field?.addEventListener("keydown", (event) => {
  const items = shown();
  const at = items.indexOf(catalogue.querySelector(".is-marked"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(items[event.key === "ArrowDown" ? Math.min(at + 1, items.length - 1) : Math.max(at - 1, 0)]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    (items[at] ?? items[0])?.querySelector("button").click();
  } else if (event.key === "Escape" && field.value) {
    field.value = "";
    find();
    mark(null);
  }
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
