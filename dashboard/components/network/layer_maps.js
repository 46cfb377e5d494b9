// Each map is a canvas in a button: ink whose opacity is the value, so that both themes can show it.
const FOR = [214, 50, 45], AGAINST = [33, 102, 172], PLAIN = [42, 154, 163];

function bytes(base64) {
  const text = atob(base64), found = new Int8Array(text.length);
  for (let k = 0; k < text.length; k += 1) found[k] = text.charCodeAt(k);
  return found;
}

function paint(canvas, levels, isSigned) {
  const context = canvas.getContext("2d"), picture = context.createImageData(canvas.width, canvas.height);
  levels.forEach((level, k) => {
    const colour = isSigned ? (level < 0 ? AGAINST : FOR) : PLAIN;
    picture.data.set([...colour, Math.min(255, Math.abs(level) * 2)], 4 * k);
  });
  context.putImageData(picture, 0, 0);
}

function build(root, data) {
  root.querySelectorAll(".maps, .foot").forEach((part) => part.remove());
  const box = element("div", { className: "maps" });
  const levels = bytes(data.levels), size = data.height * data.width;
  data.maps.forEach((one, k) => {
    const canvas = element("canvas", { width: data.width, height: data.height });
    paint(canvas, levels.subarray(k * size, (k + 1) * size), data.isSigned);
    const map = element("button", { className: "map", tabIndex: -1 }, canvas, element("span", { className: "cursor" }));
    const name = element(data.canBeOff ? "button" : "div", { className: "name", textContent: one.name });
    if (data.canBeOff) name.tabIndex = -1;
    const figure = element("figure", { title: one.label }, map, name);
    Object.assign(figure.dataset, { channel: one.channel, k });
    map.setAttribute("aria-label", `${one.label}. Arrow keys move over its pixels, Enter shows where one comes from`);
    box.append(figure);
  });
  const caption = element("div", { className: "caption" });
  caption.setAttribute("aria-hidden", "true");
  const foot = element("div", { className: "foot" }, caption);
  root.append(box, foot);
  if (data.silent.length) {
    const text = data.silent.length === 1 ? `1 silent ${data.word}` : `${data.silent.length} silent ${data.word}s`;
    foot.append(element("details", {}, element("summary", { textContent: text }), data.silent.join(", ")));
  }
  return box;
}

// The cursor of a map: the pixel that Enter chooses.
function put(figure, data, row, column) {
  Object.assign(figure.dataset, { row, column });
  const cursor = figure.querySelector(".cursor");
  cursor.style.width = `${100 / data.width}%`;
  cursor.style.height = `${100 / data.height}%`;
  cursor.style.left = `${(100 * column) / data.width}%`;
  cursor.style.top = `${(100 * row) / data.height}%`;
}

function mark(box, data, chosen) {
  let reachable = null;
  for (const figure of box.querySelectorAll("figure")) {
    const is = !!chosen && +figure.dataset.channel === chosen[0];
    figure.classList.toggle("chosen", is);
    figure.querySelector(".map").setAttribute("aria-pressed", is);
    const isOff = data.off.includes(+figure.dataset.channel);
    figure.classList.toggle("off", isOff);
    const name = figure.querySelector("button.name");
    if (name) {
      name.setAttribute("aria-pressed", isOff);
      name.setAttribute("aria-label", `${data.word} ${figure.dataset.channel} off`);
      name.title = isOff ? "Switch it on again" : "Switch it off";
      name.tabIndex = -1;
    }
    figure.querySelector(".map").tabIndex = -1;
    if (is) put(figure, data, chosen[1], chosen[2]);
    else if (figure.dataset.row === undefined) put(figure, data, data.height >> 1, data.width >> 1);
    if (is || !reachable) reachable = figure;
  }
  if (!reachable) return;
  reachable.querySelector(".map").tabIndex = 0;
  const name = reachable.querySelector("button.name");
  if (name) name.tabIndex = 0;
}

function reveal(box, figure) {
  const above = figure.offsetTop - box.offsetTop;
  if (above < box.scrollTop || above + figure.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = above - box.clientHeight / 2;
  }
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  let box = root.querySelector(".maps");
  if (!box || box.content !== data.content) box = Object.assign(build(root, data), { content: data.content });
  box.style.setProperty("--size", `${data.size}px`);
  box.style.maxHeight = `${data.box}px`;
  mark(box, data, data.chosen);
  const figures = [...box.querySelectorAll("figure")];
  const open = figures.find((figure) => figure.classList.contains("chosen"));
  // Only once it is laid out does it say where it stands.
  if (open && box.shown !== data.chosen?.join()) requestAnimationFrame(() => reveal(box, open));
  box.shown = data.chosen?.join();
  const caption = root.querySelector(".caption");
  const place = (figure, event) => {
    const within = figure.querySelector(".map").getBoundingClientRect();
    const at = (from, length, count) => Math.max(0, Math.min(count - 1, Math.floor((from / length) * count)));
    return [at(event.clientY - within.top, within.height, data.height), at(event.clientX - within.left, within.width, data.width)];
  };
  const say = (figure, row, column) => {
    const where = data.height * data.width > 1 ? ` · row ${row}, column ${column}` : "";
    caption.textContent = figure ? data.maps[figure.dataset.k].label + where : "";
  };
  box.onpointermove = (event) => {
    const figure = event.target.closest("figure");
    if (figure) say(figure, ...place(figure, event));
  };
  box.onpointerleave = () => say(null);
  box.onclick = (event) => {
    const figure = event.target.closest("figure"), channel = figure && +figure.dataset.channel;
    if (event.target.closest("button.name")) return setTriggerValue("toggle", channel);
    if (!event.target.closest(".map")) return;
    // A click by key has no place: it is the cursor's.
    if (event.detail) put(figure, data, ...place(figure, event));
    const chosen = [channel, +figure.dataset.row, +figure.dataset.column];
    mark(box, data, chosen);
    box.shown = chosen.join();
    setTriggerValue("pixel", chosen);
  };
  box.onkeydown = (event) => {
    const figure = event.target.closest("figure"), k = figures.indexOf(figure);
    const isMap = event.target.classList.contains("map");
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    let to = { PageUp: k - 1, PageDown: k + 1, Home: 0, End: figures.length - 1 }[event.key];
    if (k < 0 || (!step && to === undefined)) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) {
      const row = +figure.dataset.row + step[0], column = +figure.dataset.column + step[1];
      if (isMap && row >= 0 && row < data.height && column >= 0 && column < data.width) {
        put(figure, data, row, column);
        say(figure, row, column);
        return;
      }
      const across = Math.max(1, figures.filter((one) => one.offsetTop === figure.offsetTop).length);
      to = k + step[1] + step[0] * (data.height * data.width > 1 && isMap ? 0 : across);
    }
    const other = figures[to]?.querySelector(isMap ? ".map" : "button.name");
    if (!other) return;
    event.target.tabIndex = -1;
    other.tabIndex = 0;
    other.focus();
    say(figures[to], +figures[to].dataset.row, +figures[to].dataset.column);
  };
}
