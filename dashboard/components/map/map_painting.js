// Points as dots, those read wrong as crosses above them, and digits in their place where there is room.
const MOST_DIGITS = 400, DIGITS_FROM = 1500;

function radiusOf(n, zoom) {
  return clamp((n > 30000 ? 1.1 : n > 6000 ? 1.5 : n > 2000 ? 2 : 2.6) * Math.sqrt(zoom) ** 0.9, 1, 5);
}

function paint(map) {
  const { view, points, data, context: c, style } = map;
  const scale = devicePixelRatio || 1;
  c.setTransform(scale, 0, 0, scale, 0, 0);
  c.clearRect(0, 0, view.width, view.height);
  if (!points) return;
  const unit = view.unit(), left = view.width / 2 - view.x * unit, top = view.height / 2 - view.y * unit;
  const radius = radiusOf(points.n, view.zoom);
  const visible = [];
  for (let i = 0; i < points.n; i += 1) {
    const x = points.x[i] * unit + left, y = points.y[i] * unit + top;
    if (x > -9 && y > -9 && x < view.width + 9 && y < view.height + 9 && data.isShown(i)) visible.push(i);
  }
  const at = (i) => [points.x[i] * unit + left, points.y[i] * unit + top];
  const digits = visible.length <= DIGITS_FROM ? placeDigits(map, visible, at) : [];
  const drawn = new Set(digits.map(([i]) => i));
  const { colours, of } = map.colouring;
  const groups = colours.map(() => [[], [], [], []]); // dots and crosses, those faded first
  for (const i of visible) {
    if (drawn.has(i)) continue;
    const faded = map.isFaded(i), wrong = points.truth[i] !== points.predicted[i];
    groups[of[i]][(wrong ? 2 : 0) + (faded ? 0 : 1)].push(i);
  }
  const areSquares = radius < 2.2 && visible.length > 4000, side = 1.76 * radius;
  for (const kind of [0, 1]) {
    c.globalAlpha = kind ? 0.86 : 0.13;
    // In slices, so that where groups overlap the last does not hide the others; but the least sure come last.
    const { slices } = map.colouring;
    for (let slice = 0; slice < slices; slice += 1) {
      groups.forEach((group, k) => {
        const of = group[kind];
        c.fillStyle = colours[k];
        if (areSquares) { // twice as fast one by one as in a path
          for (let j = slice; j < of.length; j += slices) {
            c.fillRect(points.x[of[j]] * unit + left - side / 2, points.y[of[j]] * unit + top - side / 2, side, side);
          }
          return;
        }
        c.beginPath();
        for (let j = slice; j < of.length; j += slices) circle(c, ...at(of[j]), radius);
        c.fill();
      });
    }
  }
  const arm = Math.max(3.2, radius * 1.25);
  for (const [kind, width, alpha] of [[2, 1.2, 0.25], [3, arm, 0.9], [3, 1.8, 1]]) {
    c.globalAlpha = alpha;
    c.lineWidth = width;
    c.lineCap = "round";
    groups.forEach((group, k) => {
      if (!group[kind].length) return;
      c.strokeStyle = width === arm ? style.paper : colours[k];
      c.beginPath();
      for (const i of group[kind]) cross(c, ...at(i), arm);
      c.stroke();
    });
  }
  c.globalAlpha = 1;
  for (const [i, size] of digits) paintDigit(map, i, at(i), size);
  for (const [i, size] of digits) paintBadge(map, i, at(i), size);
  if (map.colouring.areClasses && !digits.length) paintNames(map, at);
  paintMarked(map, at, radius, new Map(digits));
  paintOutline(map);
}

const circle = (c, x, y, r) => { c.moveTo(x + r, y); c.arc(x, y, r, 0, 2 * Math.PI); };
const cross = (c, x, y, r) => { c.moveTo(x - r, y - r); c.lineTo(x + r, y + r); c.moveTo(x - r, y + r); c.lineTo(x + r, y - r); };

// Which points have room to be digits: those that say most first, none upon another.
function placeDigits(map, visible, at) {
  const { points, data, view } = map;
  const size = visible.length < 60 ? 40 : visible.length < 200 ? 34 : 28;
  const rank = (i) => (i === data.image ? 3 : points.truth[i] !== points.predicted[i] ? 2 : map.isFaded(i) ? 0 : 1);
  const taken = new Map(), found = [];
  for (const i of [...visible].sort((a, b) => rank(b) - rank(a) || a - b)) {
    const [x, y] = at(i);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    const column = Math.floor(x / size), row = Math.floor(y / size);
    let free = true;
    for (let r = row - 1; r <= row + 1 && free; r += 1) {
      for (let k = column - 1; k <= column + 1 && free; k += 1) {
        free = !(taken.get(`${k},${r}`) ?? []).some(([ox, oy]) => Math.abs(ox - x) < size * 0.92 && Math.abs(oy - y) < size * 0.92);
      }
    }
    if (!free) continue;
    const cell = `${column},${row}`;
    taken.set(cell, [...(taken.get(cell) ?? []), [x, y]]);
    found.push([i, size]);
    if (found.length === MOST_DIGITS) break;
  }
  const missing = found.map(([i]) => i).filter((i) => !store.digits.has(i) || store.split !== data.split);
  if (missing.length && missing.join() !== map.asked) {
    map.asked = missing.join();
    store.ask?.(missing);
  }
  return found.filter(([i]) => store.split === data.split && store.digits.has(i));
}

function paintDigit(map, i, [x, y], size) {
  const { context: c, points, style, colouring: { of, colours } } = map;
  const { picture, left, top } = store.digits.get(i), half = size / 2;
  c.globalAlpha = map.isFaded(i) ? 0.35 : 1;
  c.fillStyle = style.paper;
  c.beginPath();
  c.roundRect(x - half, y - half, size, size, 3);
  c.fill();
  c.lineWidth = points.truth[i] === points.predicted[i] ? 1.5 : 3;
  c.strokeStyle = colours[of[i]];
  c.stroke();
  const ink = (map.ink ??= Object.assign(document.createElement("canvas"), { width: 28, height: 28 })).getContext("2d");
  ink.globalCompositeOperation = "copy";
  ink.drawImage(picture, left, top, 28, 28, 0, 0, 28, 28);
  ink.globalCompositeOperation = "source-in";
  ink.fillStyle = style.text;
  ink.fillRect(0, 0, 28, 28);
  c.imageSmoothingEnabled = false;
  c.drawImage(map.ink, x - half + 1, y - half + 1, size - 2, size - 2);
  c.globalAlpha = 1;
}

// Beneath a digit that was read wrong: as what.
function paintBadge(map, i, [x, y], size) {
  const { context: c, points, style, data } = map;
  if (points.truth[i] === points.predicted[i]) return;
  c.globalAlpha = map.isFaded(i) ? 0.35 : 1;
  c.font = `600 10px ${style.font}`;
  c.textAlign = "center";
  halo(c, style, `${data.names[points.truth[i]]}→${data.names[points.predicted[i]]}`, x, y + size / 2 + 6, 3);
  c.globalAlpha = 1;
}

function halo(c, style, text, x, y, width) {
  c.textBaseline = "middle";
  c.lineJoin = "round";
  c.lineWidth = width;
  c.strokeStyle = style.paper;
  c.strokeText(text, x, y);
  c.fillStyle = style.text;
  c.fillText(text, x, y);
}

// The name of each class in the middle of its points.
function paintNames(map, at) {
  const { context: c, style, data, view } = map;
  c.font = `650 17px ${style.font}`;
  c.textAlign = "center";
  map.middles().forEach(([x, y], k) => {
    if (x === null || (map.alone !== null && map.alone !== k)) return;
    const [sx, sy] = view.toScreen(x, y);
    halo(c, style, data.names[k], sx, sy, 5);
  });
}

// A ring around a point, a frame around a digit; the opened image has four arms, too.
function paintMarked(map, at, radius, digits) {
  const { context: c, style, data, points } = map;
  const mark = (i, gap, colour, width, arms) => {
    const [x, y] = at(i), half = digits.has(i) ? digits.get(i) / 2 + gap : Math.max(radius + 4, 8) + gap;
    const trace = () => {
      c.beginPath();
      if (digits.has(i)) c.roundRect(x - half, y - half, 2 * half, 2 * half, 4);
      else circle(c, x, y, half);
      for (const [dx, dy] of arms ? [[1, 0], [-1, 0], [0, 1], [0, -1]] : []) {
        c.moveTo(x + dx * half, y + dy * half);
        c.lineTo(x + dx * (half + 8), y + dy * (half + 8));
      }
      c.stroke();
    };
    for (const [stroke, wide] of [[style.paper, width + 2.5], [colour, width]]) {
      c.strokeStyle = stroke;
      c.lineWidth = wide;
      trace();
    }
  };
  const known = (i) => i !== null && i < points.n && data.isShown(i);
  if (store.split === data.split && known(store.pointed)) mark(store.pointed, 1, style.text, 1.5, false);
  if (known(data.image)) mark(data.image, 3, style.accent, 3, true);
}

function paintOutline(map) {
  const { context: c, style, outline } = map;
  if (!outline || outline.length < 2) return;
  c.beginPath();
  outline.forEach(([x, y], k) => (k ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
  c.globalAlpha = 0.12;
  c.fillStyle = style.accent;
  c.fill("evenodd");
  c.globalAlpha = 1;
  c.setLineDash([5, 4]);
  c.lineWidth = 2;
  c.strokeStyle = style.accent;
  c.stroke();
  c.setLineDash([]);
}
