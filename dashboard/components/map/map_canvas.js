const TOOLS = [["move", "Move"], ["lasso", "Lasso"], ["box", "Rectangle"]];
const HELP = "Arrow keys go to the nearest image in that direction, Enter opens it, plus and minus zoom, 0 shows all.";

function bitsOf(base64) {
  const text = atob(base64);
  return (i) => (text.charCodeAt(i >> 3) >> (i & 7)) & 1;
}

function build(root) {
  const button = (textContent, title, onclick) => element("button", { type: "button", textContent, title, onclick });
  const map = { tool: "move", alone: null, outline: null, points: null };
  map.canvas = element("canvas");
  map.canvas.setAttribute("aria-hidden", "true");
  map.frame = element("div", { className: "frame", tabIndex: 0 }, map.canvas);
  map.frame.setAttribute("role", "application");
  map.context = map.canvas.getContext("2d");
  map.view = makeView(map);
  map.tools = element("div", { className: "tools" }, ...TOOLS.map(([tool, said]) => {
    const made = button(said, "", () => { map.tool = tool; showTool(map); });
    made.dataset.tool = tool;
    return made;
  }));
  map.tools.setAttribute("role", "group");
  map.tools.setAttribute("aria-label", "What dragging does");
  const zoom = (factor) => () => { map.view.zoomAt(factor); map.changed(); };
  const zooms = element("div", { className: "tools" },
    Object.assign(button("+", "Zoom in", zoom(1.6)), { ariaLabel: "Zoom in" }),
    Object.assign(button("−", "Zoom out", zoom(1 / 1.6)), { ariaLabel: "Zoom out" }),
    button("Fit", "Show all points", () => { map.view.fit(); map.changed(); }));
  const take = button("Take the view", "Make a set of all images in view", () => {
    const { width, height } = map.view;
    map.send([[0, 0], [width, 0], [width, height], [0, height]]);
  });
  take.className = "take";
  map.bar = element("div", { className: "bar" }, map.tools, zooms, take);
  map.said = element("button", { type: "button", className: "pointed", onclick: () => map.open(+map.said.dataset.index) });
  map.caption = element("div", { className: "caption" }, map.said);
  map.live = element("div", { className: "unseen" });
  map.live.setAttribute("aria-live", "polite");
  map.legend = element("div", { className: "legend" });
  map.probe = element("i", { className: "probe" });
  map.root = element("div", { className: "map" }, map.bar, map.frame, map.caption, map.legend, map.live, map.probe);
  root.append(map.root);
  root.map = map;
  equip(map);
  listen(map);
  showTool(map);
  return map;
}

function showTool(map) {
  map.tools.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.tool === map.tool)));
  map.frame.dataset.tool = map.tool;
}

function equip(map) {
  let waiting = false;
  map.changed = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (map.root.isConnected) paint(map); keepView(map); });
  };
  map.isFaded = (i) => (map.alone !== null && map.colouring.of[i] !== map.alone) || (map.data.chosen !== null && map.data.colour !== "set" && !map.data.isChosen(i));
  map.open = (index) => {
    if (index === map.data.image) return;
    map.sendImage(index);
  };
  map.send = (outline) => map.sendRegion(outline.map(([x, y]) => map.view.toMap(x, y)));
  map.point = (index, aloud) => {
    if (store.pointed !== index) {
      store.pointed = index;
      tell("pointed");
    }
    if (aloud) map.live.textContent = captionOf(map, index);
  };
  map.middles = () => (map.colouring.middles ??= middles(map));
  map.onStore = (what) => {
    if (!map.root.isConnected) return;
    if (what === "points") refresh(map);
    if (what === "pointed") showPointed(map);
    if (what === "digits") map.asked = null;
    map.changed();
  };
  // A new theme reaches a component without a call: the probe's colour changes with it.
  map.probe.ontransitionend = () => recolour(map);
  new ResizeObserver(() => resize(map)).observe(map.frame);
}

function keepView(map) {
  if (map.points) store.views.set(map.place, { x: map.view.x, y: map.view.y, zoom: map.view.zoom });
}

function resize(map) {
  const { width, height } = map.frame.getBoundingClientRect(), scale = devicePixelRatio || 1;
  if (!width || !height) return;
  Object.assign(map.canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
  Object.assign(map.view, { width, height });
  map.changed();
}

function recolour(map) {
  const style = getComputedStyle(map.root), resolved = (colour) => {
    map.probe.style.backgroundColor = colour;
    return getComputedStyle(map.probe).backgroundColor;
  };
  const paper = resolved("var(--st-background-color)"), accent = resolved("var(--st-primary-color)");
  const [r, g, b] = paper.match(/[\d.]+/g).map(Number);
  const scheme = 0.3 * r + 0.59 * g + 0.11 * b > 128 ? "light" : "dark";
  map.style = { paper, accent, text: resolved("var(--st-text-color)"), font: style.fontFamily };
  if (!map.points) return;
  map.colouring = colouring(map.points, map.data, scheme, paper, accent);
  map.colouring.colours = map.colouring.colours.map(resolved);
  showLegend(map);
  map.changed();
}

// Points may come before or after the map, and are there already when a page is come back to.
function refresh(map) {
  const points = store.points.get(map.data.points) ?? null;
  const isNew = points !== map.points;
  map.points = points;
  map.root.classList.toggle("waiting", !points);
  if (!points) return;
  recolour(map);
  if (!isNew) return;
  const kept = store.views.get(map.place);
  if (kept) Object.assign(map.view, kept);
  else map.view.fit();
  map.root.dataset.ready = map.data.points;
}

function captionOf(map, index) {
  if (index === null || !map.points || index >= map.points.n) return "";
  const { names, output } = map.data, { truth, predicted, confidence } = map.points;
  const [is, read] = [names[truth[index]], names[predicted[index]]];
  const verdict = is === read ? `${is}, predicted right` : `${is} predicted as ${read}`;
  return `#${index}: ${verdict}, ${sure(confidence[index], output)}`;
}

function showPointed(map) {
  const index = store.split === map.data.split || store.split === null ? store.pointed : null;
  const known = index !== null && map.points && index < map.points.n;
  map.said.hidden = !known;
  if (!known) return;
  map.said.dataset.index = index;
  map.said.textContent = captionOf(map, index);
}

function showLegend(map) {
  const { colours, names, areClasses, title } = map.colouring;
  const key = [title, ...names, ...colours].join("|");
  if (map.legend.key === key) return;
  map.legend.key = key;
  map.alone = null;
  const swatch = (colour) => {
    const made = element("i");
    made.style.background = colour;
    return made;
  };
  const isError = names[1] === "wrong";
  const entries = names.map((name, k) => {
    const parts = [isError && k ? element("span", { className: "sign", textContent: "×", style: `color:${colours[k]}` }) : swatch(colours[k]), name];
    if (!areClasses) return element("span", { className: "entry" }, ...parts);
    const made = element("button", { type: "button", className: "entry", title: `Dim all but ${name}` }, ...parts);
    made.setAttribute("aria-pressed", "false");
    made.onclick = () => {
      map.alone = map.alone === k ? null : k;
      [...map.legend.querySelectorAll("button")].forEach((one, other) => one.setAttribute("aria-pressed", String(other === map.alone)));
      map.changed();
    };
    return made;
  });
  const wrong = isError ? [] : [element("span", { className: "entry" }, element("span", { className: "sign", textContent: "×" }), "wrong")];
  map.legend.replaceChildren(...(title ? [element("span", { className: "title", textContent: title })] : []), ...entries, ...wrong);
}

// Of each class the middle of its shown points: the median each way.
function middles(map) {
  const { points, data, colouring: { of, colours } } = map;
  const places = colours.map(() => [[], []]);
  for (let i = 0; i < points.n; i += 1) {
    if (!data.isShown(i)) continue;
    places[of[i]][0].push(points.x[i]);
    places[of[i]][1].push(points.y[i]);
  }
  const median = (values) => (values.length ? Float32Array.from(values).sort()[values.length >> 1] : null);
  return places.map((both) => both.map(median));
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const map = root.map ?? build(root);
  const shown = bitsOf(data.shown), chosen = data.chosen === null ? () => 0 : bitsOf(data.chosen);
  map.data = { ...data, isShown: shown, isChosen: chosen };
  const place = `${data.points}${data.isNarrowed ? `-${data.shown}` : ""}`;
  if (map.place !== place) map.points = null; // another map: it is fitted to its frame
  map.place = place;
  map.frame.setAttribute("aria-label", `${data.label}. ${HELP}`);
  map.sendImage = (index) => setTriggerValue("image", index);
  map.sendRegion = (outline) => setTriggerValue("region", outline);
  if (map.listener) store.listeners.delete(map.listener);
  map.listener = map.onStore;
  store.listeners.add(map.listener);
  refresh(map);
  showPointed(map);
  resize(map);
  return () => { if (!map.root.isConnected) store.listeners.delete(map.listener); };
}
