// An element with what it holds: it is put before a component's own script.
// Names and texts come from files: they are set as text, never as HTML.
const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
