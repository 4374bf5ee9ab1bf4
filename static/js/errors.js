// A form that came back with errors: the first field that is wrong has the focus, so that nobody has to look for it.
document.querySelector("#main [aria-invalid='true']")?.focus();
