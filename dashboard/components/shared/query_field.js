// Draws the field once and then changes what differs, so that what is being typed stays.
const LIST = '<svg viewBox="0 0 18 18" aria-hidden="true"><path d="M3 4.5h1.5M3 9h1.5M3 13.5h1.5M7 4.5h8M7 9h8M7 13.5h8" stroke="currentColor" stroke-width="1.5"/></svg>';
const attributes = (where, pairs) => Object.entries(pairs).forEach(([name, value]) => where.setAttribute(name, value));
const isTypedInto = (where) => where instanceof Element && where.matches("input, textarea, select, [contenteditable]:not([contenteditable=false])");

function build(root) {
  const input = element("input", { type: "text", autocomplete: "off", spellcheck: false, enterKeyHint: "search" });
  attributes(input, { role: "combobox", "aria-label": "Ask of the images", "aria-autocomplete": "list",
    "aria-controls": "offers", "aria-expanded": false, "aria-describedby": "error", autocapitalize: "off", autocorrect: "off" });
  const hint = element("kbd");
  hint.setAttribute("aria-hidden", "true");
  const list = element("ul", { id: "offers", popover: "manual" });
  attributes(list, { role: "listbox", "aria-label": "What can follow" });
  const columns = element("button", { type: "button", className: "columns", title: "What can be asked of an image" }, element("span", { textContent: "Columns" }));
  columns.insertAdjacentHTML("afterbegin", LIST);
  attributes(columns, { "aria-haspopup": "dialog", "aria-expanded": false });
  const error = element("p", { className: "error", id: "error" });
  error.setAttribute("role", "alert");
  const chips = element("div", { className: "chips" });
  const box = element("div", { className: "ask" },
    element("div", { className: "line" }, element("div", { className: "field" }, input, hint), columns), error, chips, list);
  attributes(box, { role: "search", "aria-label": "Images" });
  root.append(box);
  return Object.assign(box, { input, hint, list, columns, error, chips, active: -1, offered: { list: [] } });
}

// ----- what can follow

function close(box) {
  if (box.list.matches(":popover-open")) box.list.hidePopover();
  attributes(box.input, { "aria-expanded": false });
  box.input.removeAttribute("aria-activedescendant");
  box.active = -1;
}

function open(box, data) {
  box.offered = offers(box.input.value, box.input.selectionStart, data);
  if (!box.offered.list.length) return close(box);
  box.list.replaceChildren(...box.offered.list.map((one, at) => {
    const option = element("li", { id: `offer-${at}`, className: one.isMissing ? "missing" : "" },
      element("b", { textContent: one.label }), element("span", { textContent: one.meaning }));
    attributes(option, { role: "option", "aria-selected": false });
    option.dataset.at = at;
    return option;
  }));
  box.active = -1;
  box.input.removeAttribute("aria-activedescendant");
  if (!box.list.matches(":popover-open")) box.list.showPopover();
  attributes(box.input, { "aria-expanded": true });
  box.list.scrollTop = 0;
  beneath(box.input.closest(".field"), box.list);
}

// Panels lie above the page, where nothing cuts them off: beneath their owner, within the window.
function beneath(owner, panel) {
  const { left, bottom, width } = owner.getBoundingClientRect();
  const room = document.documentElement.clientWidth - 8;
  panel.style.minWidth = `${Math.min(width, 260)}px`;
  panel.style.maxWidth = `${Math.min(room - 8, 690)}px`;
  panel.style.top = `${bottom + 3}px`;
  panel.style.maxHeight = `min(var(--tallest), ${Math.max(120, window.innerHeight - bottom - 14)}px)`;
  panel.style.left = `${Math.max(8, Math.min(left, room - panel.offsetWidth))}px`;
}

function activate(box, step) {
  const options = [...box.list.children];
  box.active = box.active < 0 && step < 0 ? options.length - 1 : (box.active + step + options.length) % options.length;
  options.forEach((option, at) => attributes(option, { "aria-selected": at === box.active }));
  attributes(box.input, { "aria-activedescendant": `offer-${box.active}` });
  options[box.active].scrollIntoView({ block: "nearest" });
}

function put(box, data, text, from, to) {
  const { value } = box.input;
  const needsSpace = from > 0 && !/[\s([,]/.test(value[from - 1]) && !/^[\s\["]/.test(text);
  const rest = value.slice(to);
  const words = (needsSpace ? " " : "") + (/^[\s)\],]/.test(rest) ? text.trimEnd() : text);
  box.input.value = value.slice(0, from) + words + rest;
  const cursor = from + words.length;
  box.input.focus();
  box.input.setSelectionRange(cursor, cursor);
  changed(box, data);
  open(box, data);
}

function take(box, data, at) {
  const one = box.offered.list[at];
  if (one.asks) return box.ask();
  put(box, data, one.text, box.offered.from, box.offered.to);
}

// ----- the field

function changed(box, data) {
  const isNew = box.input.value.trim() !== (data.asked || data.text);
  const tooLong = box.input.value.trim().length > data.mostCharacters;
  const told = tooLong
    ? `Expected a query of up to ${data.mostCharacters} characters. Received: ${box.input.value.trim().length}. Make it shorter.`
    : data.error;
  if (box.error.textContent !== told) box.error.textContent = told;
  attributes(box.input, { "aria-invalid": !!told });
  box.hint.textContent = isNew ? "Enter" : box.input.value ? "" : "/";
  box.hint.className = isNew ? "" : "idle";
}

function say(box, data) {
  const room = box.input.clientWidth;
  box.input.placeholder = room > 430 ? "Ask: wrong and confidence < 0.6, or the number of an image"
    : room > 180 ? "Ask, or an image’s number" : "Ask";
  const shown = data.asked || data.text;
  if (box.shown !== shown) box.input.value = shown;
  box.shown = shown;
  changed(box, data);
}

function showChips(box, data, send) {
  const content = JSON.stringify([data.parts, data.found]);
  if (box.chips.content === content) return;
  box.chips.content = content;
  const hadFocus = [...box.chips.querySelectorAll("button")].indexOf(box.getRootNode().activeElement);
  const list = element("ul", {}, ...data.parts.map((part, at) => {
    const button = element("button", { type: "button", textContent: "×" });
    attributes(button, { "aria-label": `Remove ${part}`, title: `Remove ${part}` });
    button.onclick = () => send("removed", [at, part]);
    return element("li", {}, element("code", { textContent: part }), button);
  }));
  const all = element("button", { type: "button", className: "all", textContent: "Clear all" });
  all.onclick = () => send("asked", "");
  const found = element("span", { className: "found", textContent: data.found });
  found.setAttribute("role", "status");
  attributes(list, { "aria-label": "Conditions" });
  box.chips.replaceChildren(...(data.parts.length ? [list, ...(data.parts.length > 1 ? [all] : []), found] : []));
  if (hadFocus >= 0) ([...box.chips.querySelectorAll("button")].at(Math.max(0, hadFocus - 1)) ?? box.input).focus();
  if (hadFocus >= 0) close(box); // where the field has the focus now, nobody came to ask
}

function listen(box, data) {
  const { input, list } = box;
  input.oninput = () => { changed(box, data); open(box, data); };
  input.onfocus = () => { if (!input.value) open(box, data); };
  input.onclick = () => open(box, data);
  input.onblur = () => close(box);
  input.onkeydown = (event) => {
    if (event.isComposing) return;
    const isOpen = list.matches(":popover-open");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) isOpen ? activate(box, step) : open(box, data);
    else if (event.key === "Enter") box.active >= 0 ? take(box, data, box.active) : box.ask();
    else if (event.key === "Tab" && isOpen && !event.shiftKey && (box.active >= 0 || box.offered.typed)) take(box, data, Math.max(0, box.active));
    else if (event.key === "Escape" && isOpen) close(box);
    else if (event.key === "Escape") {
      input.value = data.asked || data.text;
      changed(box, data);
      input.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  list.onpointerdown = (event) => {
    event.preventDefault(); // the cursor stays in the field
  };
  list.onclick = (event) => {
    const option = event.target.closest("li");
    if (option) take(box, data, +option.dataset.at);
  };
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  let box = root.querySelector(".ask");
  if (!box) {
    box = build(root);
    box.panel = columnsPanel((text) => put(box, box.data, text, box.input.value.length, box.input.value.length));
    box.append(box.panel);
    box.columns.popoverTargetElement = box.panel;
    box.panel.ontoggle = (event) => {
      attributes(box.columns, { "aria-expanded": event.newState === "open" });
      if (event.newState === "open") beneath(box.querySelector(".line"), box.panel);
    };
  }
  box.data = data;
  const send = (name, value) => {
    close(box);
    setTriggerValue(name, value);
  };
  box.ask = () => {
    const words = box.input.value.trim();
    if (words.length > data.mostCharacters) return;
    send("asked", words);
    if (!isNumber(words)) return;
    box.input.value = data.text; // an image is opened, what is on show stays
    changed(box, data);
  };
  say(box, data);
  fillColumns(box.panel, data.columns);
  showChips(box, data, send);
  listen(box, data);

  const leaving = new AbortController();
  const { signal } = leaving;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTypedInto(event.composedPath()[0])) return;
    event.preventDefault();
    box.input.focus();
    box.input.select();
  }, { signal });
  const move = () => {
    if (box.list.matches(":popover-open")) beneath(box.querySelector(".field"), box.list);
    if (box.panel.matches(":popover-open")) beneath(box.querySelector(".line"), box.panel);
  };
  window.addEventListener("scroll", move, { capture: true, passive: true, signal });
  window.addEventListener("resize", () => { move(); say(box, data); }, { signal });
  return () => leaving.abort();
}
