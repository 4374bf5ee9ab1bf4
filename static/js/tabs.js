// On a narrow screen the strip of tabs scrolls: the chosen one must be in sight.
function show() {
  document.querySelectorAll(".nav-tabs").forEach((strip) => {
    const chosen = strip.querySelector("[aria-current], .active");
    if (chosen && strip.scrollWidth > strip.clientWidth) {
      strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
    }
  });
}
show();
document.body.addEventListener("htmx:afterSettle", show);
