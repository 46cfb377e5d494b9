// The list of all columns, in a panel of its own: a click puts one into the field.
function columnsPanel(choose) {
  const panel = element("div", { className: "panel", id: "columns", popover: "auto" });
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", "Columns");
  panel.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    panel.hidePopover();
    choose(`${button.dataset.name} `);
  };
  return panel;
}

function fillColumns(panel, columns) {
  const content = JSON.stringify(columns);
  if (panel.content === content) return;
  panel.content = content;
  panel.replaceChildren(
    element("p", { textContent: "What can be asked of an image. Choose one to write it into the field." }),
    element("div", { className: "rows" }, ...columns.map((column) => {
      const button = element("button", { type: "button", className: column.missing ? "missing" : "" },
        element("b", { textContent: column.name }),
        element("span", { textContent: column.meaning }),
        element("code", { textContent: column.missing ? "" : column.example }));
      if (column.missing) button.append(element("em", { textContent: `Not here: ${column.missing}` }));
      button.dataset.name = column.name;
      return button;
    })));
}
