// Draws every chart from the JSON behind it; the buttons save it, dark on white, as a file.
for (const source of document.querySelectorAll("script[data-chart]")) {
  const place = document.getElementById(source.dataset.chart);
  const { data, layout } = JSON.parse(source.textContent);
  Plotly.newPlot(place, data, layout, { responsive: true, displayModeBar: false });
  for (const button of place.parentElement.querySelectorAll("button[data-save]")) {
    button.addEventListener("click", () => {
      const onPaper = { ...layout, paper_bgcolor: "#ffffff", font: { color: "#10171a" } };
      const { offsetWidth: width, offsetHeight: height } = place;
      const format = button.dataset.save;
      const scale = format === "png" ? 3 : 1;
      Plotly.downloadImage({ data, layout: onPaper }, { format, width, height, scale, filename: place.id });
    });
  }
}
