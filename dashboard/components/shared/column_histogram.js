// A column's histogram with a brush, or its classes, words or conditions as bars to choose.
const drawn = (tag, attributes = {}) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};
const written = (number) => number.toLocaleString("en", { maximumSignificantDigits: 12 }).replace("-", "−");
const images = (count) => `${count.toLocaleString("en")} image${count === 1 ? "" : "s"}`;
const sum = (counts) => counts.reduce((all, count) => all + count, 0);
const HEIGHT = 100;

// Where the counts span decades, their heights are logarithmic, so that few images can be seen, too.
function heights(counts) {
  const most = Math.max(...counts), least = Math.min(...counts.filter((count) => count > 0));
  const isLogarithmic = most > 100 * least;
  const of = (count) => (isLogarithmic ? Math.log1p(count) / Math.log1p(most) : count / most);
  return { isLogarithmic, of: (count) => (count ? Math.max(.02, of(count)) : 0) };
}

// ----- numbers

const last = (spread, bin) => spread.edges[bin + 1] - (spread.isWhole ? 1 : 0); // the greatest number that a bin is for
const bounds = (spread, bin) => (last(spread, bin) === spread.edges[bin] ? written(spread.edges[bin]) : `${written(spread.edges[bin])} to ${written(last(spread, bin))}`);

// Images from one number to another, as far as bins tell.
function inside(spread, low, high) {
  let count = 0, isCut = false;
  const end = high + (spread.isWhole ? 1 : 0);
  spread.counts.forEach((all, bin) => {
    const [from, to] = [spread.edges[bin], spread.edges[bin + 1]];
    const share = Math.max(0, Math.min(end, to) - Math.max(low, from)) / (to - from);
    count += share * all;
    isCut ||= all > 0 && share > 1e-9 && share < 1 - 1e-9;
  });
  return `${isCut ? "about " : ""}${images(Math.round(count))}`;
}

function plot(body, data) {
  const { spread } = data, { edges, counts } = spread, scale = heights(counts);
  const picture = drawn("svg", { viewBox: `0 0 ${counts.length} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  const fullest = counts.indexOf(Math.max(...counts));
  picture.setAttribute("aria-label", `Histogram of ${data.chosen}: ${images(sum(counts))} from ${written(edges[0])} to ${written(edges.at(-1))}; most, ${written(counts[fullest])}, at ${bounds(spread, fullest)}`);
  const bars = counts.map((count, bin) => {
    const height = HEIGHT * scale.of(count);
    return drawn("rect", { x: bin + .06, width: .88, y: HEIGHT - height, height });
  });
  const brushed = drawn("rect", { class: "brushed", y: 0, height: HEIGHT });
  picture.append(brushed, ...bars);
  const input = (name) => element("input", { type: "number", step: "any", name });
  const [from, to] = [input("from"), input("to")];
  const note = [`the highest: ${images(Math.max(...counts))}${scale.isLogarithmic ? ", on a logarithmic scale" : ""}`];
  if (spread.unknown) note.push(`unknown of ${images(spread.unknown)}`);
  body.replaceChildren(
    element("div", { className: "note", textContent: note.join(" · ") }), picture,
    element("div", { className: "ends" }, element("span", { textContent: written(edges[0]) }),
      element("span", { className: "hover" }), element("span", { textContent: written(last(spread, counts.length - 1)) })),
    element("div", { className: "line" }, element("label", {}, "From ", from), element("label", {}, "to ", to)));

  const show = () => {
    const [low, high] = [from.valueAsNumber, to.valueAsNumber];
    const isChosen = low <= high;
    const at = (number) => {
      const bin = edges.findIndex((edge) => edge > number) - 1;
      if (number <= edges[0]) return 0;
      return bin < 0 ? counts.length : bin + (number - edges[bin]) / (edges[bin + 1] - edges[bin]);
    };
    const [start, end] = isChosen ? [at(low), at(high + (spread.isWhole ? 1 : 0))] : [0, 0];
    brushed.setAttribute("x", start);
    brushed.setAttribute("width", Math.max(0, end - start));
    bars.forEach((bar, bin) => bar.setAttribute("class", isChosen && bin + 1 > start + 1e-9 && bin < end - 1e-9 ? "in" : ""));
    const found = isChosen ? inside(spread, low, high) : "";
    if (isChosen) body.choose(found === images(0) ? null : [low, high], found);
    else body.choose(null, Number.isNaN(low + high) ? "Drag over the bars, or type" : "“From” is above “to”");
  };
  from.oninput = to.oninput = show;
  body.onkeydown = (event) => { if (event.key === "Enter" && event.target.matches("input")) body.keep(); };
  const put = (one, other) => {
    from.value = +edges[Math.min(one, other)].toPrecision(12);
    to.value = +last(spread, Math.max(one, other)).toPrecision(12);
    show();
  };
  const binAt = (event) => {
    const { left, width } = picture.getBoundingClientRect();
    return Math.max(0, Math.min(counts.length - 1, Math.floor(counts.length * (event.clientX - left) / width)));
  };
  let start = null;
  picture.onpointerdown = (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    start = binAt(event);
    put(start, start);
  };
  picture.onpointermove = (event) => {
    const bin = binAt(event);
    body.querySelector(".hover").textContent = `${bounds(spread, bin)}: ${images(counts[bin])}`;
    if (start !== null) put(start, bin);
  };
  picture.onpointerup = picture.onpointercancel = () => { start = null; };
  picture.onpointerleave = () => { body.querySelector(".hover").textContent = ""; };
  show();
}

// ----- classes, words, conditions

function bars(body, data) {
  const { labels, counts } = data.spread, scale = heights(counts);
  const chosen = new Set();
  const rows = element("div", { className: "bars" }, ...labels.map((label, at) => {
    const bar = element("i");
    bar.style.setProperty("--share", `${100 * scale.of(counts[at])}%`);
    const button = element("button", { type: "button" }, element("b", { textContent: label }), element("span", { className: "track" }, bar),
      element("small", { textContent: written(counts[at]) }));
    button.setAttribute("aria-pressed", false);
    button.setAttribute("aria-label", `${label}: ${images(counts[at])}`);
    button.onclick = () => {
      chosen.has(at) ? chosen.delete(at) : chosen.add(at);
      button.setAttribute("aria-pressed", chosen.has(at));
      show();
    };
    return button;
  }));
  const show = () => {
    const found = sum([...chosen].map((place) => counts[place]));
    body.choose(found ? [...chosen] : null, chosen.size ? images(found) : "Choose one or more");
  };
  const note = scale.isLogarithmic ? [element("div", { className: "note", textContent: "on a logarithmic scale" })] : [];
  body.replaceChildren(...note, rows);
  show();
}

// ----- the whole

function build(root) {
  const select = element("select");
  const keep = element("button", { type: "button", className: "keep", textContent: "Keep these" });
  const body = element("div", { className: "body" });
  const said = element("span", { className: "chosen" });
  said.setAttribute("role", "status");
  const foot = element("div", { className: "line foot" }, said, keep);
  const box = element("div", { className: "box" }, element("label", { className: "column" }, "Column ", select), element("p", { className: "meaning" }), body, foot);
  root.append(box);
  return Object.assign(box, { select, body, keep, foot, said });
}

function fillBody(box, data) {
  box.body.choose = (chosen, said) => {
    box.chosen = chosen;
    box.keep.disabled = !chosen;
    if (box.said.textContent !== said) box.said.textContent = said;
  };
  box.body.choose(null, "");
  box.foot.hidden = !data.spread?.counts.length;
  const say = (text) => box.body.replaceChildren(element("p", { className: "said", textContent: text }));
  if (data.against) say(data.against);
  else if (!data.spread) box.body.replaceChildren(); // what it waits for shows itself beneath
  else if (!data.spread.counts.length) say(`It is unknown of all ${images(data.spread.unknown ?? 0)}.`);
  else (data.spread.edges ? plot : bars)(box.body, data);
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const box = root.querySelector(".box") ?? build(root);
  const names = JSON.stringify(data.columns);
  if (box.names !== names) {
    box.names = names;
    box.select.replaceChildren(...data.columns.map(([name, , missing]) =>
      element("option", { value: name, disabled: !!missing, textContent: missing ? `${name} – ${missing}` : name })));
  }
  box.select.value = data.chosen;
  box.querySelector(".meaning").textContent = data.columns.find(([name]) => name === data.chosen)?.[1] ?? "";
  box.select.onchange = () => setTriggerValue("column", box.select.value);
  box.keep.onclick = box.body.keep = () => { if (box.chosen) setTriggerValue("kept", [data.chosen, ...box.chosen]); };
  const content = JSON.stringify([data.chosen, data.spread, data.against]);
  if (box.content === content) return;
  box.content = content;
  fillBody(box, data);
}
