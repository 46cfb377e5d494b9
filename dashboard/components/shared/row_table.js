function title(text, explained, canSort) {
  const cell = element("th", { scope: "col", title: explained });
  if (canSort) cell.append(element("button", { className: "sort", textContent: text }));
  else cell.textContent = text;
  return cell;
}

function rowOf(data, row) {
  const head = element("th", { scope: "row", className: "name" });
  const named = [...(row.mark ? [runMark(row.mark)] : []), element("span", { textContent: row.name })];
  if (data.several) {
    const box = element("input", { type: "checkbox", disabled: !row.canBeChosen });
    head.append(element("label", {}, box, ...named));
  } else head.append(element("button", { disabled: !row.canBeChosen }, ...named));
  if (row.note) head.append(element("small", { textContent: row.note }));
  const line = element("tr", {}, head, ...row.cells.map((cell, c) => {
    const links = cell.links.map(([text, href, label]) => {
      const link = element("a", { textContent: text, href, target: "_self", title: label });
      link.setAttribute("aria-label", label);
      return link;
    });
    return element("td", { className: data.columns[c].is_number ? "number" : "" }, cell.text, ...links);
  }));
  line.dataset.name = row.name;
  line.classList.toggle("can", row.canBeChosen);
  return line;
}

function build(root, data) {
  root.querySelector(".frame")?.remove();
  const table = element("table", {},
    element("thead", {}, element("tr", {}, title(data.names, "", true),
      ...data.columns.map((column) => {
        const cell = title(column.title, column.explained, column.can_sort);
        cell.classList.toggle("number", column.is_number);
        return cell;
      }))),
    element("tbody", {}, ...data.rows.map((row) => rowOf(data, row))));
  const box = element("div", { className: "box" }, table);
  const frame = element("div", { className: "frame" }, box);
  // Where columns are left to scroll to, the edge says so.
  const edge = () => frame.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
  box.onscroll = edge;
  box.watching = new ResizeObserver(edge);
  box.watching.observe(box);
  root.append(frame);
  return box;
}

// The rows in the order asked for; what is unknown comes last either way.
function arrange(box, data) {
  const { column, sign } = box.sorted ?? {};
  const places = data.rows.map((_, place) => place);
  const value = (place) => (column < 0 ? data.rows[place].name : data.rows[place].cells[column].value);
  if (column !== undefined) {
    places.sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b);
    });
  }
  const lines = new Map([...box.querySelectorAll("tbody tr")].map((line) => [line.dataset.name, line]));
  box.querySelector("tbody").append(...places.map((place) => lines.get(data.rows[place].name)));
  box.querySelectorAll("thead th").forEach((cell, at) => {
    if (at - 1 === column) cell.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  });
}

function press(box, data, chosen) {
  const lines = [...box.querySelectorAll("tbody tr")];
  for (const line of lines) {
    const isChosen = chosen.includes(line.dataset.name);
    line.classList.toggle("chosen", isChosen);
    if (data.several) line.querySelector("input").checked = isChosen;
    else {
      line.setAttribute("aria-selected", isChosen);
      line.querySelector("th button").setAttribute("aria-pressed", isChosen);
    }
  }
  box.chosen = chosen;
}

function control(line) {
  return line?.querySelector("th button:enabled, th input:enabled");
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  let box = root.querySelector(".box");
  const content = JSON.stringify([data.names, data.columns, data.rows, data.several]);
  if (!box || box.content !== content) {
    const focused = box?.querySelector("tr:has(:focus)")?.dataset.name, { sorted, shown } = box ?? {};
    const { scrollLeft = 0, scrollTop = 0 } = box ?? {};
    box?.watching.disconnect();
    box = Object.assign(build(root, data), { content, sorted, shown });
    arrange(box, data);
    box.scrollTo(scrollLeft, scrollTop);
    const again = [...box.querySelectorAll("tbody tr")].find((line) => line.dataset.name === focused);
    control(again)?.focus({ preventScroll: true });
  }
  box.style.maxHeight = data.height ? `${data.height}px` : "";
  press(box, data, data.chosen);
  if (!data.several && box.shown !== data.chosen.join()) {
    box.shown = data.chosen.join();
    const line = box.querySelector("tr.chosen"), { bottom } = box.getBoundingClientRect();
    if (line && line.getBoundingClientRect().bottom > bottom) box.scrollTop = line.offsetTop - box.clientHeight / 2;
  }

  const choose = (line) => {
    const { name } = line.dataset;
    const others = data.several ? box.chosen.filter((other) => other !== name) : [];
    const isChosen = !data.several || !box.chosen.includes(name);
    press(box, data, isChosen ? [...others, name] : others);
    setTriggerValue("row", [name, isChosen]);
  };
  box.onclick = (event) => {
    if (event.target.closest("a, label")) return;
    const sort = event.target.closest(".sort");
    if (sort) {
      const column = [...box.querySelectorAll("thead th")].indexOf(sort.parentElement) - 1;
      const first = data.columns[column]?.is_number ? -1 : 1;
      box.sorted = { column, sign: box.sorted?.column === column ? -box.sorted.sign : first };
      arrange(box, data);
      return;
    }
    const line = event.target.closest("tbody tr.can");
    if (line) choose(line);
  };
  box.onchange = (event) => choose(event.target.closest("tr"));
  box.onkeydown = (event) => {
    const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    let line = event.target.closest("tbody tr");
    if (!step || !line) return;
    event.preventDefault();
    do line = line[step]; while (line && !control(line));
    control(line)?.focus();
  };
  return () => {
    if (!box.isConnected) box.watching.disconnect(); // else a later call goes on with it
  };
}
