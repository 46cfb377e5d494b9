// One Blob URL holds all images; each button shows its part of it as a mask in the text's colour.
function blobUrl(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  return URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
}

// More than fit on most screens; the others follow once these are painted.
const AT_FIRST = 240;

function build(root, data) {
  const old = root.querySelector(".sheet");
  if (old) URL.revokeObjectURL(old.dataset.url);
  root.querySelectorAll(".sheet, .caption").forEach((part) => part.remove());
  const caption = Object.assign(document.createElement("div"), { className: "caption" });
  caption.setAttribute("aria-hidden", "true");
  const sheet = Object.assign(document.createElement("div"), { className: "sheet" });
  sheet.dataset.url = blobUrl(data.sprite);
  sheet.style.setProperty("--sprite", `url(${sheet.dataset.url})`);
  const columns = Math.min(data.columns, data.indices.length);
  const percent = (place, count) => (count > 1 ? `${(100 * place) / (count - 1)}%` : "0%");
  sheet.style.setProperty("--sprite-size", `${100 * columns}% ${100 * data.rows}%`);
  const isNew = (k) => data.titles[k] && data.titles[k] !== data.titles[k - 1];
  const make = ([k, index]) => {
    const button = document.createElement("button");
    button.tabIndex = -1;
    button.dataset.index = index;
    button.dataset.position = k;
    button.setAttribute("aria-label", data.captions[k]);
    button.classList.toggle("bare", !data.badges[k]);
    const picture = document.createElement("i");
    picture.style.maskPosition = `${percent(k % columns, columns)} ${percent(Math.floor(k / columns), data.rows)}`;
    button.append(picture);
    if (data.badges[k]) button.append(Object.assign(document.createElement("b"), { textContent: data.badges[k] }));
    return isNew(k) ? [Object.assign(document.createElement("h4"), { textContent: data.titles[k] }), button] : [button];
  };
  const all = [...data.indices.entries()];
  const first = Math.max(AT_FIRST, data.indices.indexOf(data.chosen) + 1);
  sheet.append(...all.slice(0, first).flatMap(make));
  if (all.length > first) {
    const addRest = () => {
      sheet.append(...all.slice(first).flatMap(make));
      if (!sheet.querySelector('button[aria-pressed="true"]')) press(sheet, sheet.chosen);
    };
    requestAnimationFrame(() => setTimeout(addRest));
  }
  root.append(sheet, caption);
  return sheet;
}

function press(sheet, chosen) {
  sheet.chosen = chosen;
  const pressed = sheet.querySelector('button[aria-pressed="true"]');
  pressed?.setAttribute("aria-pressed", "false");
  const button = chosen === null ? null : sheet.querySelector(`button[data-index="${chosen}"]`);
  button?.setAttribute("aria-pressed", "true");
  sheet.querySelectorAll('button[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
  const reachable = button ?? sheet.querySelector("button");
  if (reachable) reachable.tabIndex = 0;
  if (button && sheet.scrollHeight > sheet.clientHeight) {
    const above = button.offsetTop - sheet.offsetTop;
    if (above < sheet.scrollTop || above + button.offsetHeight > sheet.scrollTop + sheet.clientHeight) {
      sheet.scrollTop = above - sheet.clientHeight / 2;
    }
  }
}

// Headings break rows off, so the image above or below is found by where it is drawn.
function next(sheet, button, key) {
  const all = [...sheet.querySelectorAll("button")];
  if (key === "ArrowLeft" || key === "ArrowRight") return all[+button.dataset.position + (key === "ArrowLeft" ? -1 : 1)];
  const sign = { ArrowUp: -1, ArrowDown: 1 }[key];
  const beyond = all.filter((other) => sign * (other.offsetTop - button.offsetTop) > 0);
  const nearest = Math.min(...beyond.map((other) => sign * other.offsetTop));
  const away = (other) => Math.abs(other.offsetLeft - button.offsetLeft);
  return beyond.filter((other) => sign * other.offsetTop === nearest).sort((one, other) => away(one) - away(other))[0];
}

export default function ({ data, parentElement: root, setTriggerValue }) {
  let sheet = root.querySelector(".sheet");
  const content = data.indices.join() + data.captions.join() + data.titles.join() + data.badges.join() + data.sprite.length;
  if (!sheet || sheet.content !== content) {
    sheet = build(root, data);
    sheet.content = content;
  }
  sheet.style.maxHeight = data.height ? `${data.height}px` : "";
  sheet.classList.toggle("rows", !!data.perRow);
  sheet.style.setProperty("--side", `${28 * data.zoom}px`);
  sheet.style.setProperty("--badge", Math.max(0, ...data.badges.map((badge) => badge.length)));
  sheet.style.setProperty("--per-row", data.perRow ?? 1);
  press(sheet, data.chosen);

  const caption = root.querySelector(".caption");
  const say = (event) => {
    const button = event.target.closest("button");
    if (button) caption.textContent = data.captions[+button.dataset.position];
  };
  sheet.onpointerover = say;
  if (!sheet.listens) sheet.addEventListener("focusin", (event) => sheet.say(event));
  sheet.listens = true;
  sheet.say = say;
  sheet.onpointerleave = () => { caption.textContent = ""; };
  sheet.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    press(sheet, +button.dataset.index);
    setTriggerValue("image", +button.dataset.index);
  };
  sheet.onkeydown = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const to = event.key.startsWith("Arrow") && next(sheet, button, event.key);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    button.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  };
  return () => {
    if (sheet.isConnected) return; // a later call goes on with it
    URL.revokeObjectURL(sheet.dataset.url);
  };
}
