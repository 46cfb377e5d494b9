// What can follow in a query at the cursor: columns, signs, classes, names of runs.
const TOKEN = /\s*(?:("[^"]*"?|'[^']*'?)|([A-Za-z_]\w*)|(\d[\w.]*)|(==|!=|<=|>=|[^\s\w]))/gy;
const COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "="];
const SIGNS = {
  number: [["<", "less than"], ["<=", "at most"], [">", "more than"], [">=", "at least"], ["==", "equal to"], ["!=", "other than"]],
  class: [["==", "is"], ["!=", "is not"], ["in (", "is one of"], ["not in (", "is none of"]],
  text: [["==", "is"], ["!=", "is not"], ["in (", "is one of"]],
};
const JOINTS = [["and", "both are true"], ["or", "at least one is true"]];

const isNumber = (text) => /^\d+$/.test(text);

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  for (let match; (match = TOKEN.exec(text)) && match[0];) {
    const word = match[1] ?? match[2] ?? match[3] ?? match[4];
    const kind = ["text", "name", "number", "sign"][[1, 2, 3, 4].find((at) => match[at] !== undefined) - 1];
    const isOpen = kind === "text" && (word.length < 2 || word.at(-1) !== word[0]);
    found.push({ word, kind, isOpen, from: TOKEN.lastIndex - word.length, to: TOKEN.lastIndex });
  }
  return found;
}

// Where the words before the cursor have led: what is wanted next, and what it is compared with.
function place(read, columns) {
  const fresh = () => ({ wants: "operand", left: null, last: null, isCompared: false, isList: false });
  let now = fresh();
  const outer = [];
  const operand = (column) => {
    now.last = column;
    if (!now.isCompared) now.left = column;
    now.wants = "operator";
  };
  for (const { word, kind } of read) {
    if (word === "and" || word === "or") now = { ...fresh(), isList: now.isList };
    else if (word === "not") continue;
    else if (word === "in" || COMPARISONS.includes(word)) Object.assign(now, { wants: "operand", isCompared: true });
    else if (word === "(") {
      outer.push(now);
      now = now.isCompared ? { ...now, isList: true } : fresh();
    } else if (word === "[") now.wants = "run";
    else if (word === ")") {
      const inner = now;
      now = outer.pop() ?? fresh();
      const isList = now.isCompared && now.left;
      operand(isList ? now.left : inner.isCompared || inner.last?.kind === "condition" ? { kind: "condition" } : inner.last);
    } else if (word === "]") now.wants = "operator";
    else if (kind === "sign") now.wants = "operand";
    else if (kind === "name") operand(columns.find(({ name }) => name === word) ?? null);
    else operand({ kind: kind === "number" ? "number" : "text" });
  }
  return now;
}

function operands(now, data) {
  const columns = (...kinds) => data.columns.filter(({ kind }) => !kinds.length || kinds.includes(kind))
    .map(({ name, meaning, missing }) => ({ label: name, text: `${name} `, meaning: missing || meaning, isMissing: !!missing }));
  if (!now.isCompared || !now.left) return [...columns(), { label: "not", text: "not ", meaning: "is not true" }];
  const { kind, name, words } = now.left;
  if (kind === "class") {
    const classes = data.classNames.map((label, at) => ({
      label, text: label === `${at}` ? label : JSON.stringify(label), meaning: label === `${at}` ? "" : `class ${at}`, also: `${at}`,
    }));
    return now.isList ? classes : [...classes, ...columns("class").filter(({ label }) => label !== name)];
  }
  if (kind === "text") return (words ?? []).map((word) => ({ label: word || "''", text: JSON.stringify(word), meaning: word ? "" : "none" }));
  return kind === "number" ? columns("number").map((one) => ({ ...one, isQuiet: true })) : columns(kind);
}

function operators(now) {
  const { last } = now;
  if (now.isList) return [];
  const joints = JOINTS.map(([word, meaning]) => ({ label: word, text: `${word} `, meaning }));
  if (now.isCompared || !last || last.kind === "condition") return [...joints, ...ofRuns(now)];
  const signs = SIGNS[last.kind].map(([sign, meaning]) => ({ label: sign, text: sign.endsWith("(") ? sign : `${sign} `, meaning }));
  return [...signs, ...ofRuns(now)];
}

const ofRuns = ({ last }) => (last?.isOfRuns ? [{ label: '["', text: '["', meaning: "of another run", isGlued: true }] : []);

// Whole words of what is offered, those that begin as what was typed first.
function matching(offered, typed) {
  const sought = typed.replace(/^["']/, "").toLowerCase();
  const starts = (one) => [one.label, one.also ?? ""].some((word) => word.toLowerCase().startsWith(sought));
  const holds = (one) => sought.length > 1 && `${one.label} ${one.meaning}`.toLowerCase().includes(sought);
  const first = offered.filter(starts);
  return [...first, ...offered.filter((one) => !first.includes(one) && holds(one))];
}

// What is offered at the cursor, and which part of the text it takes the place of.
function offers(text, cursor, data) {
  const number = text.trim();
  if (isNumber(number)) return { from: 0, to: text.length, typed: number, list: [{ label: number, text: number, meaning: "open this image", asks: true }] };
  const read = tokens(text.slice(0, cursor));
  const last = read.at(-1);
  const isTyping = last && last.to === cursor && (last.kind !== "sign") && (last.kind !== "text" || last.isOpen);
  const typed = isTyping ? last.word : "";
  const before = isTyping ? read.slice(0, -1) : read;
  const now = place(before, data.columns);
  const to = cursor + (isTyping ? text.slice(cursor).match(/^\w*/)[0].length : 0);
  const at = { from: isTyping ? last.from : cursor, to, typed };
  if (now.wants === "run") {
    const rest = text.slice(cursor).match(/^[^"'\]]*["']?\]?/)[0].length;
    const runs = data.runs.map((run) => ({ label: run, text: `"${run}"] `, meaning: "" }));
    return { ...at, to: isTyping ? cursor + rest : to, list: matching(runs, typed) };
  }
  if (last?.isOpen && !["class", "text"].includes(now.left?.kind)) return { ...at, list: [] };
  const offered = now.wants === "operand" ? operands(now, data) : operators(now);
  const list = matching(offered.filter((one) => typed || !one.isQuiet), typed);
  const begins = list.filter(({ label }) => label.startsWith(typed));
  const isWhole = typed && (begins.length ? begins.length === 1 && begins[0].label === typed : now.wants === "operand" && last.kind === "number");
  if (!isWhole) return { ...at, list };
  // The word is whole: what comes after it.
  const next = operators(place(read, data.columns)).map((one) => ({ ...one, text: (one.isGlued ? "" : " ") + one.text }));
  return { from: cursor, to: cursor, typed: "", list: next };
}
