// Shows openapi.json as a readable page; everything comes from this server.
const element = (tag, text, parent) => {
  const made = document.createElement(tag);
  made.textContent = text ?? "";
  parent?.append(made);
  return made;
};

function kind(schema, all) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.anyOf) return schema.anyOf.map((one) => kind(one, all)).join(" or ");
  if (schema.type === "array") return `list of ${kind(schema.items, all)}`;
  return schema.format === "binary" ? "bytes" : schema.type ?? "";
}

function table(rows, head, parent) {
  const box = element("div", "", parent);
  box.className = "scroll";
  box.tabIndex = 0;
  const made = element("table", "", box);
  const line = element("tr", "", element("thead", "", made));
  for (const word of head) element("th", word, line).scope = "col";
  const body = element("tbody", "", made);
  for (const cells of rows) {
    const row = element("tr", "", body);
    for (const cell of cells) element("td", cell, row);
  }
}

function route(path, method, does, parent) {
  const section = element("section", "", parent);
  element("code", `${method.toUpperCase()} ${path}`, element("h2", "", section));
  element("p", does.description ?? does.summary, section);
  const given = (does.parameters ?? []).map((one) => [one.name, one.in, kind(one.schema), one.schema.default ?? "", one.description ?? ""]);
  if (does.requestBody) given.push(["body", "body", "bytes", "", "the video"]);
  if (given.length) table(given, ["Name", "In", "Type", "Default", "Meaning"], section);
  const answers = Object.entries(does.responses).map(([code, answer]) => {
    const [content] = Object.entries(answer.content ?? {});
    return [code, content ? `${content[0]} ${kind(content[1].schema)}` : "", answer.description];
  });
  table(answers, ["Status", "Answer", "Meaning"], section);
}

const parent = document.getElementById("routes");
document.getElementById("origin").textContent = location.origin;
const api = await (await fetch("/openapi.json")).json();
parent.textContent = "";
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, does] of Object.entries(methods)) route(path, method, does, parent);
}
for (const [name, schema] of Object.entries(api.components?.schemas ?? {})) {
  if (!schema.properties) continue;
  const section = element("section", "", parent);
  element("h2", name, section);
  element("p", schema.description, section);
  const rows = Object.entries(schema.properties).map(([field, one]) => [field, kind(one), one.description ?? ""]);
  table(rows, ["Field", "Type", "Meaning"], section);
}
