// What colours say, light and dark. Each colouring puts every image into a group with one colour.
const WRONG = { light: "#c9302c", dark: "#ff7b74" };
const QUIET = { light: "#a9b3b8", dark: "#59656b" };
const DOUBTS = [0.5, 0.7, 0.9, 0.97, 0.99, 0.999];

// Hues around the circle, neighbours far apart, in two lightnesses: 62 classes still differ.
function classColour(k, count, scheme) {
  const step = Math.max(1, Math.round(count * 0.3));
  const turns = gcd(step, count) === 1 ? step : 1;
  const hue = (25 + (360 * ((k * turns) % count)) / count) % 360;
  const [even, odd] = scheme === "light" ? [0.56, 0.68] : [0.7, 0.82];
  return `oklch(${k % 2 ? odd : even} ${scheme === "light" ? 0.15 : 0.13} ${hue.toFixed(0)})`;
}
function gcd(a, b) { return b ? gcd(b, a % b) : a; }

function thresholds(points, output) {
  if (output === "probabilities") return DOUBTS;
  const sorted = Float32Array.from(points.confidence).sort();
  return [1, 2, 3, 4, 5, 6].map((k) => sorted[Math.floor((k * (points.n - 1)) / 7)]);
}

const asShare = (value) => {
  const places = value > 0.99 && value < 1 ? 2 : 1;
  const least = 10 ** -places;
  if (value > 0 && +(100 * value).toFixed(places) === 0) return `< ${least.toFixed(places)} %`;
  return `${(value >= 1 ? 100 * value : Math.min(100 * value, 100 - least)).toFixed(places)} %`;
};
const sure = (value, output) => (output === "probabilities" ? `${asShare(value)} sure` : `score ${value.toFixed(2)}`);

// { colours, names, of: group of each image, slices: in how many each group is painted, title }
function colouring(points, data, scheme, paper, accent) {
  const count = data.names.length;
  if (data.colour === "truth" || data.colour === "prediction") {
    return {
      of: data.colour === "truth" ? points.truth : points.predicted, names: data.names, areClasses: true, slices: 12,
      colours: data.names.map((_, k) => classColour(k, count, scheme)), title: data.colour === "truth" ? "True class" : "Predicted class",
    };
  }
  const of = new Uint8Array(points.n);
  if (data.colour === "error") {
    for (let i = 0; i < points.n; i += 1) of[i] = points.truth[i] === points.predicted[i] ? 0 : 1;
    return { of, slices: 1, colours: [QUIET[scheme], WRONG[scheme]], names: ["right", "wrong"], title: "" };
  }
  if (data.colour === "set") {
    for (let i = 0; i < points.n; i += 1) of[i] = data.isChosen(i) ? 1 : 0;
    return { of, slices: 1, colours: [QUIET[scheme], accent], names: ["not in the set", "in the set"], title: "" };
  }
  const ends = thresholds(points, data.output);
  for (let i = 0; i < points.n; i += 1) {
    const at = ends.findIndex((end) => points.confidence[i] < end);
    of[i] = at < 0 ? 0 : ends.length - at; // the surest at the back
  }
  const said = (value) => (data.output === "probabilities" ? `${+(100 * value).toFixed(1)} %` : value.toFixed(1));
  const colours = [0, ...ends].map((_, k) => mixed(paper, accent, scheme, k / ends.length));
  const names = [`from ${said(ends.at(-1))}`, ...ends.map((end) => `below ${said(end)}`).reverse()];
  return { of, slices: 1, colours, names, title: data.output === "probabilities" ? "Confidence" : "Score" };
}

// From a grey that the paper nearly swallows over the accent to what stands out most.
function mixed(paper, accent, scheme, share) {
  const far = scheme === "light" ? "#0b2f4a" : "#f4fbd0";
  const quiet = `color-mix(in oklab, ${QUIET[scheme]} 62%, ${paper})`;
  return share < 0.5
    ? `color-mix(in oklab, ${accent} ${Math.round(200 * share)}%, ${quiet})`
    : `color-mix(in oklab, ${far} ${Math.round(200 * (share - 0.5))}%, ${accent})`;
}
