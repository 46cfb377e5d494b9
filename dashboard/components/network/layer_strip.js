// The layers as buttons: drawn once, then only the marks change, so that the focus stays.
function build(root, data) {
  root.querySelector(".strip")?.remove();
  const strip = element("div", { className: "strip" });
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "Layers from input to output");
  for (const layer of data.layers) {
    const glyph = element("i");
    const many = layer.channels > 16 ? 3 : layer.channels > 1 ? 2 : 1;
    glyph.className = layer.side ? `stack-${many}` : "units";
    glyph.style.setProperty("--side", `${Math.max(7, Math.min(34, layer.side * 1.2))}px`);
    glyph.style.setProperty("--tall", `${Math.max(8, Math.min(42, 7 * Math.log2(layer.channels + 1)))}px`);
    const button = element("button", {}, glyph, element("b", { textContent: layer.name }),
      element("span", { textContent: layer.kind }), element("span", { className: "shape" }));
    button.dataset.number = layer.number;
    button.title = layer.name;
    strip.append(button);
  }
  const showEdges = () => {
    const least = 2, left = strip.scrollLeft, right = strip.scrollWidth - strip.clientWidth - left;
    strip.classList.toggle("more-left", left > least);
    strip.classList.toggle("more-right", right > least);
  };
  strip.onscroll = showEdges;
  new ResizeObserver(showEdges).observe(strip);
  root.append(strip);
  return strip;
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  const content = JSON.stringify(data.layers.map(({ name, kind, shape }) => [name, kind, shape]));
  let strip = root.querySelector(".strip");
  if (!strip || strip.content !== content) strip = Object.assign(build(root, data), { content });
  const buttons = [...strip.querySelectorAll("button")];
  const press = (number) => {
    for (const button of buttons) {
      const same = +button.dataset.number === number;
      button.setAttribute("aria-pressed", same);
      button.tabIndex = same ? 0 : -1;
    }
  };
  buttons.forEach((button, k) => {
    button.setAttribute("aria-label", data.layers[k].label);
    button.querySelector(".shape").textContent = data.layers[k].shape + (data.layers[k].hasOff ? " · off" : "");
  });
  press(data.chosen);
  if (strip.chosen !== data.chosen) {
    const button = buttons[data.chosen - 1];
    if (button) strip.scrollLeft = Math.max(0, button.offsetLeft - strip.offsetLeft - strip.clientWidth / 2 + button.clientWidth / 2);
    strip.chosen = data.chosen;
  }
  strip.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    strip.chosen = +button.dataset.number;
    press(strip.chosen);
    setTriggerValue("layer", strip.chosen);
  };
  strip.onkeydown = (event) => {
    const at = buttons.indexOf(event.target.closest("button"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  };
}
