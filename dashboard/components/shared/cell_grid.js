// Draws a table of buttons once, then only changes what differs, so that the focus stays where it is.
const SIGNS = { repaired: "✓", broken: "✗", still: "=" };

// Names come from the data: as text, never as HTML.
function header(line, data, r, c) {
  const cell = element("th", { className: "head", scope: r < 0 ? "col" : "row" });
  if (!data.whole) {
    cell.append(element("span", { textContent: line.name }));
    return cell;
  }
  cell.append(place(element("button", { textContent: line.name }), data, r, c));
  return cell;
}

function place(button, data, r, c) {
  button.dataset.r = r;
  button.dataset.c = c;
  if (r >= 0) button.dataset[data.dimensions[0]] = data.rows[r].id;
  if (c >= 0) button.dataset[data.dimensions[1]] = data.columns[c].id;
  return button;
}

function part(data, one, r, c) {
  const button = place(element("button"), data, r, c);
  if (one.picture !== null) {
    const percent = (at, count) => (count > 1 ? `${(100 * at) / (count - 1)}%` : "0%");
    const { columns, rows } = data.sprite;
    const picture = element("i");
    picture.style.maskSize = `${100 * columns}% ${100 * rows}%`;
    picture.style.maskPosition =
      `${percent(one.picture % columns, columns)} ${percent(Math.floor(one.picture / columns), rows)}`;
    button.append(picture);
  }
  button.append(element("span"));
  return button;
}

function build(root, data) {
  const old = root.querySelector(".grid");
  if (old?.url) URL.revokeObjectURL(old.url);
  old?.remove();
  const edge = (className, one) => element("td", { className: `edge ${className} ${one.is_minor ? "minor" : ""}` });
  const title = (one) => element("th", { scope: "col", textContent: one.title, className: one.is_minor ? "minor" : "" });
  const table = element("table");
  table.setAttribute("aria-label", data.label);
  const width = (one) => element("col", { className: `edge ${one.is_minor ? "minor" : ""}` });
  table.append(
    element("colgroup", {}, element("col", { className: "name" }), ...data.columns.map(() => element("col")), ...data.right.map(width)),
    element("thead", {},
      element("tr", {}, element("th"), element("th", { className: "axis", colSpan: data.columns.length, textContent: data.axis })),
      element("tr", {}, data.whole ? header({ name: "all" }, data, -1, -1) : element("th"), ...data.columns.map((line, c) => header(line, data, -1, c)), ...data.right.map(title))),
    element("tbody", {}, ...data.rows.map((line, r) => element("tr", {},
      header(line, data, r, -1),
      ...data.cells[r].map((parts, c) => element("td", {}, ...parts.map((one) => part(data, one, r, c)))),
      ...data.right.map((one) => edge("right-edge", one))))),
    element("tfoot", {}, ...data.bottom.map((one) => element("tr", {},
      element("th", { scope: "row", textContent: one.title }),
      ...data.columns.map(() => edge("bottom-edge", one)),
      ...(data.right.length ? [element("td", { className: "edge accuracy" })] : [])))));
  const scroll = element("div", { className: "scroll" }, table);
  scroll.onscroll = () => showEdges(scroll);
  const probe = element("span", { className: "probe" });
  probe.setAttribute("aria-hidden", "true");
  const grid = element("div", { className: "grid" }, scroll, probe);
  grid.classList.toggle("with-pictures", !!data.sprite);
  if (data.sprite) {
    const bytes = Uint8Array.from(atob(data.sprite.png), (character) => character.charCodeAt(0));
    grid.url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    grid.style.setProperty("--sprite", `url(${grid.url})`);
  }
  const caption = element("div", { className: "caption" });
  caption.setAttribute("aria-hidden", "true");
  grid.append(caption);
  if (data.legend) {
    grid.append(element("div", { className: "legend" }, element("span", { className: "low" }),
      element("span", { className: "scale" }), element("span", { className: "high" }), element("span", { className: "unit" })));
  }
  if (data.frames) grid.append(player(data));
  root.append(grid);
  grid.room = grid.clientWidth;
  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - grid.room) < 1 || !entry.contentRect.width) return;
    grid.room = entry.contentRect.width;
    fill(grid, grid.data);
  }).observe(grid);
  document.fonts.ready.then(() => {
    widths.clear();
    grid.fitted = null;
    if (grid.data && grid.isConnected) fill(grid, grid.data);
  });
  return grid;
}

function player(data) {
  const play = element("button", { className: "play", textContent: "Play" });
  const slider = element("input", { type: "range", min: 0, max: data.frames.length - 1, step: 1 });
  slider.setAttribute("aria-label", "Epoch");
  return element("div", { className: "player" }, play, slider, element("output"));
}

// What is the same already is left alone: the browser would lay out and paint all of it again.
const set = (where, text) => { if (where && where.textContent !== text) where.textContent = text; };
const mark = (where, name, value) => { if (where.getAttribute(name) !== `${value}`) where.setAttribute(name, value); };

function fill(grid, data) {
  grid.data = data;
  fit(grid, data);
  draw(grid, data, data.frames ? data.frames[grid.frame] : data);
  if (data.legend) for (const name of ["low", "high", "unit"]) set(grid.querySelector(`.legend .${name}`), data.legend[name]);
}

// A frame has the texts of one epoch; without frames the data are the only one.
function draw(grid, data, frame) {
  for (const button of grid.querySelectorAll("th.head > button")) {
    const { label } = frame.rows[button.dataset.r] ?? frame.columns[button.dataset.c] ?? { label: data.whole };
    mark(button, "aria-label", label);
    button.hint = label;
  }
  const seen = {};
  for (const button of grid.querySelectorAll("td > button")) {
    const { r, c } = button.dataset;
    const k = (seen[`${r},${c}`] = (seen[`${r},${c}`] ?? -1) + 1);
    const one = frame.cells[r][c][k];
    mark(button, "class", one.kind);
    mark(button, "data-kind", one.kind);
    set(button.querySelector("span"), (SIGNS[one.kind] ?? "") + shorter(one.text, grid.decimals.cells));
    mark(button, "style", `--level: ${one.level}`);
    mark(button, "aria-label", one.label);
    button.hint = one.hint || one.label;
  }
  const edges = (selector, lists, across, decimals) => grid.querySelectorAll(selector).forEach((cell, at) => {
    const [list, k] = across ? [Math.floor(at / data.columns.length), at % data.columns.length] : [at % lists.length, Math.floor(at / lists.length)];
    set(cell, shorter(lists[list].texts[k], decimals));
    cell.hint = lists[list].labels[k];
  });
  edges(".right-edge", frame.right, false, null);
  edges(".bottom-edge", frame.bottom, true, grid.decimals.bottom);
  const corner = grid.querySelector(".accuracy");
  set(corner, frame.corner[0]);
  if (corner) corner.hint = frame.corner[1];
  set(grid.querySelector("output"), frame.name ?? "");
  set(grid.querySelector(".caption"), grid.told?.hint ?? "");
}

function press(grid, data, chosen) {
  let reachable = null;
  for (const button of grid.querySelectorAll("table button")) {
    const [row, column] = data.dimensions.map((name) => button.dataset[name]);
    const same = !!chosen && row === chosen[0]?.toString() && column === chosen[1]?.toString() &&
      (!chosen[2] || button.dataset.kind === chosen[2]);
    mark(button, "aria-pressed", same);
    if (same || (reachable === null && button.closest("td"))) reachable = button;
  }
  for (const button of grid.querySelectorAll("table button")) mark(button, "tabindex", button === reachable ? 0 : -1);
}

function next(grid, data, button, key) {
  const at = (r, c) => [...grid.querySelectorAll(`button[data-r="${r}"][data-c="${c}"]`)];
  let [r, c] = [+button.dataset.r, +button.dataset.c];
  const siblings = at(r, c), k = siblings.indexOf(button);
  const least = data.whole ? -1 : 0;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, 1], End: [0, -1] }[key];
  if (!step) return null;
  if (step[0] && siblings[k + step[0]]) return siblings[k + step[0]];
  if (key === "Home") c = least - 1;
  if (key === "End") c = data.columns.length;
  const wrap = (place, count) => (place < least ? count - 1 : place >= count ? least : place);
  for (let tries = data.rows.length + data.columns.length; tries > 0; tries -= 1) {
    [r, c] = [wrap(r + step[0], data.rows.length), wrap(c + step[1], data.columns.length)];
    const found = at(r, c);
    if (found.length) return step[0] < 0 ? found.at(-1) : found[step[0] ? 0 : Math.min(k, found.length - 1)];
  }
  return null;
}

function animate(grid, data) {
  const play = grid.querySelector(".play"), slider = grid.querySelector(".player input");
  const show = (frame) => {
    grid.frame = frame;
    slider.value = frame;
    slider.setAttribute("aria-valuetext", data.frames[frame].name);
    draw(grid, data, data.frames[frame]);
  };
  const stop = grid.stop = () => { clearInterval(grid.timer); grid.timer = null; play.textContent = "Play"; };
  play.onclick = () => {
    if (grid.timer) return stop();
    if (grid.frame === data.frames.length - 1) show(0);
    play.textContent = "Pause";
    grid.timer = setInterval(() => {
      if (grid.frame === data.frames.length - 1) return stop();
      show(grid.frame + 1);
    }, 600);
  };
  slider.oninput = () => { stop(); show(+slider.value); };
  show(grid.frame);
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const shape = JSON.stringify([data.rows, data.columns].map((lines) => lines.map((line) => [line.id, line.name])))
    + JSON.stringify(data.cells.map((row) => row.map((cell) => cell.map((one) => one.picture))))
    + (data.frames?.length ?? 0) + !!data.legend;
  let grid = root.querySelector(".grid");
  if (!grid || grid.shape !== shape || grid.png !== data.sprite?.png) {
    const { frame, film, shownFrame, timer } = grid ?? {};
    clearInterval(timer);
    grid = Object.assign(build(root, data), { shape, png: data.sprite?.png, frame, film, shownFrame });
  }
  if (data.frames && (grid.film !== data.film || grid.shownFrame !== data.shownFrame || !data.frames[grid.frame])) {
    Object.assign(grid, { film: data.film, frame: data.shownFrame, shownFrame: data.shownFrame });
  }
  fill(grid, data);
  press(grid, data, data.chosen);
  if (data.frames) animate(grid, data);

  const tell = (element) => { grid.told = element; set(grid.querySelector(".caption"), element?.hint ?? ""); };
  const say = (event) => tell(event.target.closest("button, .edge"));
  grid.onpointerover = say;
  grid.say = say;
  if (!grid.listens) grid.addEventListener("focusin", (event) => grid.say(event));
  grid.listens = true;
  grid.onpointerleave = () => tell(null);
  const table = grid.querySelector("table");
  table.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const [row, column] = data.dimensions.map((name) => (button.dataset[name] === undefined ? null : +button.dataset[name]));
    grid.stop?.();
    press(grid, data, [row, column, button.dataset.kind]);
    setTriggerValue("cell", [row, column, button.dataset.kind ?? "", grid.frame]);
  };
  table.onkeydown = (event) => {
    const button = event.target.closest("button");
    const to = button && next(grid, data, button, event.key);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    button.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  };
  return () => { clearInterval(grid.timer); if (grid.url) URL.revokeObjectURL(grid.url); };
}
