/**
 * Runs in the reader's browser. It builds the page with text nodes only, so nothing in the document can become
 * markup, and keeps the key in memory only.
 */
export const PAGE_SCRIPT = String.raw`
const api = JSON.parse(document.getElementById('openapi').textContent);
const keyField = document.getElementById('key');
const findField = document.getElementById('find');
const main = document.getElementById('operations');
document.getElementById('description').textContent = api.info.description;

function el(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}
function resolve(schema) {
  if (!schema || !schema.$ref) return schema || {};
  return api.components.schemas[schema.$ref.split('/').pop()] || {};
}
function example(schema, depth = 0) {
  const s = resolve(schema);
  if (depth > 5) return {};
  if (s.default !== undefined) return s.default;
  if (s.enum) return s.enum[0];
  if (s.const !== undefined) return s.const;
  if (s.anyOf) return example(s.anyOf.find((option) => option.type !== 'null'), depth + 1);
  const type = Array.isArray(s.type) ? s.type[0] : s.type;
  if (type === 'object' || s.properties) {
    return Object.fromEntries(Object.entries(s.properties || {}).map(([k, v]) => [k, example(v, depth + 1)]));
  }
  if (type === 'array') return [example(s.items, depth + 1)];
  if (type === 'integer' || type === 'number') return Math.max(s.minimum || 0, 0);
  if (type === 'boolean') return false;
  if (type === 'null') return null;
  if (s.format === 'uuid') return '3f6d7b0e-5b0a-4c38-9a53-0c5b7d9b7f10';
  if (s.format === 'date-time') return '2026-01-31T12:00:00.000Z';
  return 'text';
}
function requiredPart(schema) {
  const required = resolve(schema).required || [];
  return Object.fromEntries(Object.entries(example(schema)).filter(([name]) => required.includes(name)));
}
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.type === 'array') return typeOf(schema.items || {}) + '[]';
  return [].concat(schema.type || 'any').join(' or ') + (schema.format ? ' (' + schema.format + ')' : '');
}
function fields(schema) {
  const s = resolve(schema);
  const rows = Object.entries(s.properties || {}).map(([name, property]) =>
    el('tr', {}, el('td', {}, el('code', { textContent: name })),
      el('td', { textContent: typeOf(property) + ((s.required || []).includes(name) ? '' : ', optional') }),
      el('td', { textContent: property.description || resolve(property).description || '' })));
  return rows.length ? el('table', {}, ...rows) : el('span');
}
function tryOut(path, method, operation) {
  const parameters = (operation.parameters || []).map((parameter) => {
    const input = el('input', { placeholder: parameter.required ? 'required' : 'optional' });
    return { parameter, input, row: el('p', {}, el('label', {}, parameter.name + ' ', input)) };
  });
  const json = operation.requestBody && operation.requestBody.content['application/json'];
  const body = json && el('textarea', { value: JSON.stringify(requiredPart(json.schema), null, 2), ariaLabel: 'Request body', spellcheck: false });
  const output = el('pre', { hidden: true, ariaLive: 'polite' });
  const send = el('button', { textContent: 'Send' });
  send.addEventListener('click', async () => {
    let url = path;
    const query = new URLSearchParams();
    const headers = keyField.value ? { Authorization: 'Bearer ' + keyField.value } : {};
    for (const { parameter, input } of parameters) {
      if (parameter.in === 'path') url = url.replace('{' + parameter.name + '}', encodeURIComponent(input.value || ' '));
      else if (input.value && parameter.in === 'query') query.set(parameter.name, input.value);
      else if (input.value) headers[parameter.name] = input.value;
    }
    if (body) headers['Content-Type'] = 'application/json';
    output.hidden = false;
    output.textContent = '…';
    try {
      const reply = await fetch(url + (query.size ? '?' + query : ''), { method: method.toUpperCase(), headers, body: body ? body.value : undefined });
      const text = await reply.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
      output.textContent = reply.status + ' ' + reply.statusText + '\n\n' + shown;
    } catch (error) {
      output.textContent = 'No reply: ' + error.message;
    }
  });
  return el('div', {}, ...parameters.map(({ row }) => row), ...(body ? [body] : []), el('p', {}, send), output);
}
function show(path, method, operation) {
  const json = operation.requestBody && operation.requestBody.content['application/json'];
  const content = el('div', { className: 'body' });
  const details = el('details', { id: operation.operationId },
    el('summary', {}, el('span', { className: 'method', textContent: method.toUpperCase() }), el('code', { textContent: path }), el('span', { textContent: operation.summary })), content);
  details.dataset.words = (method + ' ' + path + ' ' + operation.summary + ' ' + operation.operationId).toLowerCase();
  details.addEventListener('toggle', () => {
    if (!details.open || content.childNodes.length) return;
    content.append(el('p', { textContent: operation.security.length ? 'Needs an API key.' : 'Needs no key.' }));
    if (json) content.append(el('h4', { textContent: 'Body' }), fields(json.schema));
    content.append(el('h4', { textContent: 'Replies' }), el('table', {}, ...Object.entries(operation.responses).map(([status, reply]) => {
      const media = reply.content && reply.content['application/json'];
      return el('tr', {}, el('td', { textContent: status }), el('td', { textContent: reply.description.replaceAll(String.fromCharCode(96), '') }), el('td', { textContent: media ? typeOf(media.schema) : '' }));
    })));
    const ok = operation.responses[201] || operation.responses[200];
    const media = ok && ok.content && ok.content['application/json'];
    if (media) content.append(el('h4', { textContent: 'Example' }), el('pre', { textContent: JSON.stringify(example(media.schema), null, 2) }));
    content.append(el('h4', { textContent: 'Try it' }), tryOut(path, method, operation));
  });
  return details;
}
main.replaceChildren();
for (const tag of api.tags) {
  const section = el('section', {}, el('h2', { textContent: tag.name }), el('p', { textContent: tag.description }));
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.tags.includes(tag.name)) section.append(show(path, method, operation));
    }
  }
  main.append(section);
}
function openLinked() {
  const linked = document.getElementById(location.hash.slice(1));
  if (!linked || linked.tagName !== 'DETAILS') return;
  linked.open = true;
  linked.scrollIntoView();
}
addEventListener('hashchange', openLinked);
openLinked();
findField.addEventListener('input', () => {
  const word = findField.value.trim().toLowerCase();
  for (const details of main.querySelectorAll('details')) details.hidden = !details.dataset.words.includes(word);
});
`;
