// Which part of the square is on screen, and what is where on it.
const FARTHEST = 0.8, NEAREST = 200;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function makeView(map) {
  const view = { x: 0.5, y: 0.5, zoom: 1, width: 300, height: 300 };
  view.unit = () => 0.92 * Math.min(view.width, view.height) * view.zoom; // pixels of the square's side
  view.toScreen = (x, y) => [(x - view.x) * view.unit() + view.width / 2, (y - view.y) * view.unit() + view.height / 2];
  view.toMap = (sx, sy) => [(sx - view.width / 2) / view.unit() + view.x, (sy - view.height / 2) / view.unit() + view.y];
  view.move = (dx, dy) => {
    view.x = clamp(view.x - dx / view.unit(), -0.2, 1.2);
    view.y = clamp(view.y - dy / view.unit(), -0.2, 1.2);
  };
  view.zoomAt = (factor, sx = view.width / 2, sy = view.height / 2) => {
    const [x, y] = view.toMap(sx, sy);
    view.zoom = clamp(view.zoom * factor, FARTHEST, NEAREST);
    const [nx, ny] = view.toMap(sx, sy);
    view.x = clamp(view.x + x - nx, -0.2, 1.2);
    view.y = clamp(view.y + y - ny, -0.2, 1.2);
  };
  view.fit = () => {
    const { points, data } = map;
    let [left, right, top, bottom] = [1, 0, 1, 0];
    for (let i = 0; i < points.n; i += 1) {
      if (!data.isShown(i)) continue;
      left = Math.min(left, points.x[i]); right = Math.max(right, points.x[i]);
      top = Math.min(top, points.y[i]); bottom = Math.max(bottom, points.y[i]);
    }
    if (left > right) [left, right, top, bottom] = [0, 1, 0, 1];
    const room = 0.92 * Math.min(view.width, view.height);
    Object.assign(view, { x: (left + right) / 2, y: (top + bottom) / 2 });
    view.zoom = clamp(Math.min((0.92 * view.width) / (room * (right - left)), (0.92 * view.height) / (room * (bottom - top))), FARTHEST, 40);
  };
  // The shown point nearest to a place on screen, at most so many pixels away.
  view.nearest = (sx, sy, within = Infinity) => {
    const { points, data } = map, unit = view.unit(), [x, y] = view.toMap(sx, sy);
    let found = null, least = (within / unit) ** 2;
    for (let i = 0; i < points.n; i += 1) {
      const apart = (points.x[i] - x) ** 2 + (points.y[i] - y) ** 2;
      if (apart < least && data.isShown(i)) { least = apart; found = i; }
    }
    return found;
  };
  // The nearest to another point in a direction: straight on before aside, at most 60° aside.
  view.next = (from, dx, dy) => {
    const { points, data } = map;
    let found = null, least = Infinity;
    for (let i = 0; i < points.n; i += 1) {
      const x = points.x[i] - points.x[from], y = points.y[i] - points.y[from];
      const along = x * dx + y * dy;
      if (along <= 0) continue;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (aside > 1.75 * along || along + 2 * aside >= least || !data.isShown(i)) continue;
      least = along + 2 * aside; found = i;
    }
    return found;
  };
  view.reveal = (index) => {
    const [sx, sy] = view.toScreen(map.points.x[index], map.points.y[index]), edge = 40;
    view.move(clamp(sx, edge, view.width - edge) - sx, clamp(sy, edge, view.height - edge) - sy);
  };
  return view;
}
