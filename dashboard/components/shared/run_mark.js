// What components that name runs share.
// A run's mark, on a piece of its line where `line` is so.
function runMark({ colour, path, filled, dot }, line = false) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = (tag, attributes) => {
    const made = document.createElementNS(svg.namespaceURI, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    svg.append(made);
  };
  svg.setAttribute("viewBox", line ? "-14 -8 28 16" : "-8 -8 16 16");
  svg.setAttribute("aria-hidden", "true");
  if (line) shape("path", { d: "M-14,0H-7M7,0H14", stroke: colour, "stroke-width": 2 });
  shape("path", { d: path, fill: filled ? colour : "none", stroke: colour, "stroke-width": filled ? 0 : 1.6 });
  if (dot) shape("circle", { r: 1.6, fill: colour });
  return svg;
}
