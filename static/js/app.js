// Behaviour of the frame. Each piece is attached by a data-attribute or an htmx event.
import "./shortcuts.js";
import "./announce.js";
import "./dismiss.js";
import "./tabs.js";
import "./errors.js";
