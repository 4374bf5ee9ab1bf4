// Nothing clicked or typed while a request is under way is lost, and what is saved is saved once.
const form = document.querySelector("#builder-form");
const SAVES = ["save", "live"];
const MOVES = /^(remove|copy|wrap|move|lift)/; // edits after which a card may have another address

let saving = false; // a save is under way, or the page is about to be left because of one
let leaving = false;
let sent = null; // the fields as the request under way saw them
let moved = false;
const counted = new Map(); // the rule each count under way is of

const fields = () => form.querySelectorAll("#builder-rule [id]:is(input, select, textarea)");
const state = (field) => (field.type === "checkbox" ? String(field.checked) : field.value);
const rule = () => [...fields()].map(state).join("\n") + form.elements.shape.value;
const COUNTS = ["builder-result", "builder-found", "builder-reach"];
const isCount = (event) => COUNTS.includes(event.detail.target?.id);
const isRule = (event) => event.detail.target?.id === "builder-rule";

// A button pressed twice, or while its first press is still being answered, asks once.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== form) return;
    if (saving) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else saving = SAVES.includes(event.submitter?.value);
  },
  true,
);

// A press that had to wait for its turn still says which button it was: by then the cursor may be elsewhere.
document.addEventListener("htmx:configRequest", (event) => {
  const button = event.detail.triggeringEvent?.submitter;
  if (button?.name) event.detail.parameters[button.name] = button.value;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (leaving) {
    event.preventDefault();
    return;
  }
  if (isCount(event)) counted.set(event.detail.target.id, rule());
  if (!isRule(event)) return;
  sent = new Map([...fields()].map((field) => [field.id, state(field)]));
  moved = MOVES.test(event.detail.requestConfig.triggeringEvent?.submitter?.value ?? "");
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  leaving ||= Boolean(event.detail.xhr.getResponseHeader("HX-Redirect"));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  if (SAVES.includes(button?.value) && !leaving) saving = false;
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) saving = leaving = false; // came back by the browser's own button
});

// What was typed after the request went out is put back into the cards it returns.
let typed = new Map();
document.addEventListener("htmx:beforeSwap", (event) => {
  // A count of a rule that has changed meanwhile says nothing any more; the next one is on its way.
  if (isCount(event) && counted.get(event.detail.target.id) !== rule()) event.detail.shouldSwap = false;
  if (!isRule(event) || !sent) return;
  typed = new Map();
  if (moved) return;
  for (const field of fields()) {
    const before = sent.get(field.id);
    if (before !== undefined && before !== state(field)) typed.set(field.id, state(field));
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches?.("[data-rule]")) return;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (!field || state(field) === value) continue;
    if (field.type === "checkbox") field.checked = value === "true";
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.matches("select")) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  typed = new Map();
});
