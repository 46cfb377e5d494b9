// Draws the matrix once, then only changes what differs, so that the focus stays where it is.
function build(root, data) {
  root.querySelector(".grid")?.remove();
  const n = data.names.length;
  const row = (cells) => `<tr>${cells.join("")}</tr>`;
  const grid = document.createElement("div");
  grid.className = "grid";
  const columns = `<col class="name">${"<col>".repeat(n)}<col class="edge">`;
  const head = row([
    `<th></th>`, ...data.names.map(() => `<th class="head" scope="col"></th>`), `<th scope="col">Recall</th>`,
  ]);
  const body = data.names.map((_, t) => row([
    `<th class="head" scope="row"></th>`,
    ...data.names.map((_, p) => `<td><button data-true="${t}" data-predicted="${p}" class="${t === p ? "right" : ""}"></button></td>`),
    `<td class="edge recall"></td>`,
  ]));
  const foot = row([
    `<th scope="row" title="Precision">Prec.</th>`, ...data.names.map(() => `<td class="edge precision"></td>`),
    `<td class="edge accuracy" title="Accuracy"></td>`,
  ]);
  grid.innerHTML = `<table aria-label="Confusion matrix: rows true, columns predicted"><colgroup>${columns}</colgroup>
    <thead><tr><th></th><th class="axis" colspan="${n + 1}">Predicted class → &nbsp; (rows: true class)</th></tr>${head}</thead>
    <tbody>${body.join("")}</tbody><tfoot>${foot}</tfoot></table>
    <div class="legend"><span>0</span><span class="scale" aria-hidden="true"></span><span class="most"></span><span>images, logarithmic</span></div>`;
  // Names come from the data: as text, never as HTML.
  grid.querySelectorAll("th.head").forEach((cell, k) => { cell.textContent = data.names[k % n]; });
  root.append(grid);
  return grid;
}

function fill(grid, data) {
  const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  grid.querySelectorAll("button").forEach((button) => {
    const t = +button.dataset.true, p = +button.dataset.predicted;
    set(button, data.texts[t][p]);
    button.style.setProperty("--level", data.levels[t][p]);
    button.setAttribute("aria-label", data.labels[t][p]);
    button.title = data.labels[t][p];
  });
  grid.querySelectorAll(".recall").forEach((cell, i) => set(cell, data.recall[i]));
  grid.querySelectorAll(".precision").forEach((cell, i) => set(cell, data.precision[i].replace(" %", "")));
  set(grid.querySelector(".accuracy"), data.accuracy);
  set(grid.querySelector(".most"), data.most);
  press(grid, data.chosen);
}

function press(grid, chosen) {
  let first = null;
  grid.querySelectorAll("button").forEach((button) => {
    const pressed = !!chosen && +button.dataset.true === chosen[0] && +button.dataset.predicted === chosen[1];
    button.setAttribute("aria-pressed", pressed);
    button.tabIndex = -1;
    if (pressed || first === null) first = button;
  });
  first.tabIndex = 0;
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const shape = JSON.stringify(data.names);
  let grid = root.querySelector(".grid");
  if (!grid || grid.dataset.shape !== shape) {
    grid = build(root, data);
    grid.dataset.shape = shape;
  }
  fill(grid, data);

  grid.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const cell = [+button.dataset.true, +button.dataset.predicted];
    press(grid, cell);
    setTriggerValue("cell", cell);
  };
  grid.onkeydown = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const n = data.names.length;
    const [true_, predicted] = [+button.dataset.true, +button.dataset.predicted];
    const to = {
      ArrowUp: [true_ - 1, predicted], ArrowDown: [true_ + 1, predicted],
      ArrowLeft: [true_, predicted - 1], ArrowRight: [true_, predicted + 1],
      Home: [true_, 0], End: [true_, n - 1],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    const [t, p] = to.map((place) => (place + n) % n);
    const next = grid.querySelector(`button[data-true="${t}"][data-predicted="${p}"]`);
    button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
}
