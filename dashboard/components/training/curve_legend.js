function build(root, data) {
  root.querySelector(".run-legend")?.remove();
  const legend = element("div", { className: "run-legend" });
  legend.setAttribute("role", "group");
  legend.setAttribute("aria-label", "Runs on the chart");
  for (const run of data.runs) {
    const button = element("button", {}, runMark(run.mark, true), element("b", { textContent: run.name }), element("span"));
    button.dataset.run = run.name;
    legend.append(button);
  }
  legend.append(element("p"));
  root.append(legend);
  return legend;
}

const charts = (data) => data.charts.map(({ key, measure }) => ({
  measure, plot: document.querySelector(`.st-key-${key} .js-plotly-plot`),
})).filter(({ plot }) => plot);

// Plotly draws a group for each line, in the order of its data.
function dim(data, name) {
  for (const { plot } of charts(data)) {
    plot.querySelectorAll(".scatterlayer .trace").forEach((line, k) => {
      line.style.opacity = name && plot.data[k]?.name !== name ? 0.12 : "";
    });
  }
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  let legend = root.querySelector(".run-legend");
  const content = JSON.stringify(data.runs.map((run) => [run.name, run.mark]));
  if (!legend || legend.content !== content) legend = Object.assign(build(root, data), { content });
  const buttons = [...legend.querySelectorAll("button")];
  const hint = legend.querySelector("p");
  const say = (epoch, measure, pointedAt) => {
    buttons.forEach((button, k) => {
      const run = data.runs[k];
      const text = epoch ? run.readings[measure][epoch - 1] ?? "–" : run.best;
      button.querySelector("span").textContent = text;
      button.classList.toggle("pointed-at", run.name === pointedAt);
    });
    hint.textContent = epoch ? `Epoch ${epoch}, ${measure}`
      : data.alone === null ? "Point at a curve to read its values here; click a name to see that run alone."
        : `Only ${data.alone} is shown; click its name to see all again.`;
  };
  say(null);
  for (const button of buttons) {
    button.setAttribute("aria-pressed", button.dataset.run === data.alone);
    button.classList.toggle("off", data.alone !== null && button.dataset.run !== data.alone);
  }
  const runOf = (event) => event.target.closest("button")?.dataset.run;
  legend.onpointerover = (event) => dim(data, runOf(event));
  legend.onpointerleave = () => dim(data, undefined);
  legend.onfocusin = legend.onpointerover;
  if (!legend.listens) {
    legend.addEventListener("focusin", (event) => legend.onfocusin(event));
    legend.addEventListener("focusout", () => legend.onpointerleave());
    legend.listens = true;
  }
  legend.onclick = (event) => {
    const name = runOf(event);
    if (name) setTriggerValue("alone", name === data.alone ? "" : name);
  };

  // Streamlit draws the charts later than this, and again with every change.
  const hear = () => {
    for (const { plot, measure } of charts(data)) {
      if (!plot.on || plot.heardBy === legend) continue;
      plot.heardBy = legend;
      plot.on("plotly_hover", ({ points }) => legend.say(points[0].customdata[1], measure, points[0].customdata[0]));
      plot.on("plotly_unhover", () => legend.say(null));
    }
  };
  legend.say = say;
  hear();
  const observer = new MutationObserver(hear);
  for (const { key } of data.charts) {
    const container = document.querySelector(`.st-key-${key}`);
    if (container) observer.observe(container, { childList: true, subtree: true });
  }
  return () => observer.disconnect();
}
