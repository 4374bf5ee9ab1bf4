// What a visitor would trip over on the page that is open; returns a list of sentences.
() => {
  const found = [];
  const say = (what, element) => found.push(element ? `${what}: ${where(element)}` : what);
  const words = (element) => (element.textContent || "").replace(/\s+/g, " ").trim();
  const where = (element) => {
    const name = element.id ? `#${element.id}` : String(element.getAttribute("class") || "").split(" ").filter(Boolean).slice(0, 2).map((one) => `.${one}`).join("");
    return `<${element.tagName.toLowerCase()}${name}> ${words(element).slice(0, 50)}`;
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const hiddenText = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.clipPath !== "none" || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
    }
    return false;
  };

  // Colours, through a canvas so that oklch and color-mix come out as bytes.
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = "#000";
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || seen.has(element) || !shown(element)) continue;
    seen.add(element);
    if (element.closest("main") && !element.closest("option, code, pre, .quoted")) {
      for (const raw of words(element).match(/\b(None|NaN|undefined|nan)\b|\{\{|\{%|&[a-z]+;|\b[a-z]+_[a-z_]+\b|\b(DENY|DEFER|ALLOW|REROUTE)_[A-Z_]+\b/g) || []) say(`raw word ${raw}`, element);
    }
    if (element.closest("[aria-hidden=true], :disabled, .disabled, option") || hiddenText(element)) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ratio = contrast(over(rgba(style.color), below), below);
    if (ratio < wanted) say(`contrast ${ratio.toFixed(2)} (${wanted} wanted)`, element);
  }

  const labelled = (element) => {
    const by = (element.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean).map((id) => document.getElementById(id)).filter(Boolean);
    return (element.getAttribute("aria-label") || by.map(words).join(" ") || [...(element.labels || [])].map(words).join(" ")).trim();
  };
  for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!["submit", "button"].includes(one.type) && !labelled(one)) say("control without a label", one);
  }
  for (const one of document.querySelectorAll("a[href], button, summary, [role=button]")) {
    const pictures = [...one.querySelectorAll("[role=img][aria-label], img[alt]")].map((each) => each.getAttribute("aria-label") || each.alt).join("");
    if (!labelled(one) && !words(one) && !pictures) say("nothing names", one);
  }
  for (const one of document.querySelectorAll("[role=img]:not([aria-label]):not([aria-labelledby]), img:not([alt])")) say("picture without words", one);

  if (document.querySelectorAll("h1").length !== 1) say(`${document.querySelectorAll("h1").length} headings of the first level`);
  if (!words(document.querySelector("h1") || document.body)) say("the heading is empty");
  if (!document.title.split(" · ")[0].trim()) say("no title");
  let level = 1;
  for (const one of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const now = Number(one.tagName[1]);
    if (now > level + 1) say(`a heading jumps from ${level} to ${now}`, one);
    level = now;
  }
  const ids = new Map();
  for (const one of document.querySelectorAll("[id]")) ids.set(one.id, (ids.get(one.id) || 0) + 1);
  for (const [id, times] of ids) if (times > 1) say(`${times} elements are called #${id}`);
  for (const one of document.querySelectorAll("[aria-describedby], [aria-controls], label[for]")) {
    for (const id of (one.getAttribute("aria-describedby") || one.getAttribute("aria-controls") || one.htmlFor || "").split(" ")) {
      if (id && !document.getElementById(id)) say(`points at #${id}, which is not there`, one);
    }
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption && !table.getAttribute("aria-label")) say("table without a caption", table);
    for (const head of table.querySelectorAll("thead th")) {
      if (!head.scope) say("column head without scope", head);
      if (!words(head)) say("column head without words", table);
    }
  }
  for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) say("jumps the queue of the Tab key", one);
  for (const one of document.querySelectorAll("*")) {
    if (!shown(one) || hiddenText(one)) continue;
    const style = getComputedStyle(one);
    const scrolls = ["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    if (scrolls && one.tabIndex < 0 && !one.querySelector("a[href], button, input, select, textarea, [tabindex='0']")) say("scrolls, but not from the keyboard", one);
    if (scrolls && innerWidth < 600 && !one.matches(".nav-tabs")) say(`${one.scrollWidth - one.clientWidth} px of it lie beyond the edge`, one);
    if (style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && one.scrollWidth > one.clientWidth + 1 && !one.closest("svg, select, input") && words(one) && one !== document.body) say("cut off", one);
  }
  if (document.documentElement.scrollWidth > innerWidth) say(`the page scrolls sideways by ${document.documentElement.scrollWidth - innerWidth} px`);
  if (innerWidth < 600) {
    for (const one of document.querySelectorAll("main button, main a.btn, main select, main input:not([type=hidden], [type=checkbox], [type=radio]), main summary")) {
      const box = one.getBoundingClientRect();
      if (shown(one) && box.height > 0 && box.height < 24) say(`only ${Math.round(box.height)} px high to hit`, one);
    }
  }
  return found;
}
