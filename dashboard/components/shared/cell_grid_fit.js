// No number is cut: digits get smaller, then shares lose decimals, then the table scrolls.
const LARGEST = 12.5, LEAST = 10; // of digits, in pixels
const widths = new Map(); // of a text's pattern in em, by font

// Digits are equally wide, so texts that differ in digits alone are measured once.
function emsOf(probe, texts) {
  const font = getComputedStyle(probe).fontFamily;
  const measured = (pattern) => {
    const key = `${font} ${pattern}`;
    if (!widths.has(key)) {
      probe.textContent = pattern;
      widths.set(key, probe.getBoundingClientRect().width / 20);
    }
    return widths.get(key);
  };
  return Math.max(0, ...[...new Set(texts.map((text) => text.replace(/\d/g, "0")))].map(measured));
}

// 99.96 is never 100, nor 0.2 nothing.
function shorter(text, decimals) {
  const [, below, number] = text.match(/^(< ?)?(\d+\.\d+)$/) ?? [];
  if (decimals === null || !number) return text;
  const share = Number(number), factor = 10 ** decimals, least = `<${(1 / factor).toFixed(decimals)}`;
  if (below) return share * factor < 1 ? least : text;
  const rounded = share < 100 ? Math.min(Math.round(share * factor), 100 * factor - 1) : share * factor;
  return rounded || !share ? (rounded / factor).toFixed(decimals) : least;
}

// Digits as large as a width allows, with as many decimals as that leaves room for.
function fitted(probe, texts, width) {
  let need = 0;
  for (const decimals of [null, 1, 0]) {
    need = emsOf(probe, texts.map((text) => shorter(text, decimals)));
    if (need * LEAST <= width) return { decimals, need, size: Math.min(LARGEST, width / Math.max(need, 0.1)) };
  }
  return { decimals: 0, need, size: LEAST };
}

// Everything of a kind that the table shows, of all frames of a film.
function textsOf(data) {
  const frames = data.frames ?? [data];
  const edges = (side) => frames.flatMap((frame) => frame[side].flatMap((edge) => edge.texts));
  return {
    cells: frames.flatMap((frame) => frame.cells.flat(2).map((one) => (SIGNS[one.kind] ?? "") + one.text)),
    bottom: edges("bottom"),
    right: [...edges("right"), ...data.right.map((edge) => edge.title), ...frames.map((frame) => frame.corner[0])],
    names: [...data.rows.map((line) => line.name), ...data.bottom.map((edge) => edge.title), data.whole ? "all" : ""],
    heads: data.columns.map((line) => line.name).filter((name) => /^\d+$/.test(name)),
    words: data.columns.map((line) => line.name).filter((name) => !/^\d+$/.test(name)), // they may stand upright
  };
}

// Widths and sizes in pixels for a table in so much room; the figures at its side give way before it scrolls.
function arranged(probe, texts, room, n, nEdges) {
  const name = Math.min(emsOf(probe, texts.names) * 14 + 6, room * 0.35);
  const padding = texts.cells.some((text) => Object.values(SIGNS).includes(text[0])) ? 10 : 2;
  const right = emsOf(probe, texts.right), head = emsOf(probe, texts.heads) * 14 + 2, spaces = n + nEdges + 2;
  for (const size of [LARGEST, LEAST]) {
    const edge = nEdges ? Math.ceil(right * size) + 6 : 0;
    const column = (room - name - edge * nEdges - spaces) / n;
    const cells = fitted(probe, texts.cells, column - padding), bottom = fitted(probe, texts.bottom, column - 3);
    const least = Math.max(24, head, cells.need * LEAST + padding, bottom.need * LEAST + 3);
    const width = column < least ? name + edge * nEdges + spaces + n * least : null;
    if (width === null || size === LEAST) return { name, edge, size, cells, bottom, width, column: Math.max(column, least) };
  }
}

// Asking for a width makes the browser lay out the whole page: only where texts or room have changed.
function fit(grid, data) {
  const texts = textsOf(data), key = JSON.stringify([texts, grid.room]);
  if (grid.fitted === key) return;
  grid.fitted = key;
  const table = grid.querySelector("table"), scroll = grid.querySelector(".scroll");
  const hasMinor = data.right.some((one) => one.is_minor) && getComputedStyle(grid.querySelector("th.minor")).display !== "none";
  const nEdges = data.right.filter((one) => hasMinor || !one.is_minor).length;
  const probe = grid.querySelector(".probe");
  const { name, edge, size, cells, bottom, width, column } = arranged(probe, texts, grid.room - 6, data.columns.length, nEdges);
  grid.classList.toggle("upright", emsOf(probe, texts.words) * 14 + 2 > column);
  const sizes = { "name-width": name, "edge-width": edge, "edge-digits": size, digits: cells.size, "bottom-digits": bottom.size };
  for (const [property, value] of Object.entries(sizes)) table.style.setProperty(`--${property}`, `${value}px`);
  table.style.minWidth = width ? `${width}px` : "";
  grid.decimals = { cells: cells.decimals, bottom: bottom.decimals };
  showEdges(scroll);
}

// Where the table goes on beyond what is seen, it fades out.
function showEdges(scroll) {
  scroll.classList.toggle("more-left", scroll.scrollLeft > 1);
  scroll.classList.toggle("more-right", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 1);
}
