import { html, Html } from '@kkt/web-server';
import type { Schema } from '../dto/rules';
import { problemKinds } from '../http/problem';
import { operations } from './operations';

const styles = `:root{color-scheme:light dark;--line:#8884;--soft:#8882;--accent:#0b6bcb}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem;border-right:1px solid var(--line);font-size:.9rem}
nav a{display:block;padding:.1rem 0;color:inherit;text-decoration:none;overflow-wrap:anywhere}nav a:hover,nav a:focus{color:var(--accent);text-decoration:underline}
nav b{display:block;margin-top:.8rem}main{padding:1rem 2rem 4rem;max-width:62rem}h2{margin-top:3rem;border-bottom:1px solid var(--line)}
h3{margin-top:2.2rem}code,pre{font:.88em/1.45 ui-monospace,Menlo,Consolas,monospace}pre{background:var(--soft);padding:.8rem;overflow:auto;border-radius:6px}
.m{display:inline-block;min-width:3.6em;padding:0 .4em;border-radius:4px;background:var(--accent);color:#fff;font:600 .8em/1.7 ui-monospace,monospace;text-align:center}
table{border-collapse:collapse;width:100%;font-size:.92rem}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-top:1px solid var(--line)}
td:first-child{white-space:nowrap}small{opacity:.75}:target{scroll-margin-top:1rem}
@media(max-width:52rem){body{display:block}nav{position:static;height:auto;border:0;border-bottom:1px solid var(--line)}main{padding:1rem}table{display:block;overflow-x:auto}}`;

interface Document {
  info: { title: string; version: string; description: string };
  components: { schemas: Record<string, Schema> };
}

const nameIn = (ref: string): string => ref.split('/').at(-1) ?? '';

const link = (ref: string): Html => html`<a href="#schema-${nameIn(ref)}">${nameIn(ref)}</a>`;

function typeText(schema: Schema): Html {
  if (schema.$ref !== undefined) return link(schema.$ref);
  if (schema.oneOf)
    return html`${schema.oneOf.map((one, index) => html`${index > 0 && ' | '}${typeText(one)}`)}`;
  if (schema.items) return html`list of ${typeText(schema.items)}`;
  const type = [schema.type ?? 'any'].flat().join(' | ');
  return html`${type}`;
}

function limits(schema: Schema): Html {
  const told: string[] = [];
  if (schema.enum && schema.enum.length <= 40) told.push(`one of ${schema.enum.filter(Boolean).join(', ')}`);
  if (schema.maxLength !== undefined) told.push(`at most ${schema.maxLength} characters`);
  if (schema.maxItems !== undefined) told.push(`at most ${schema.maxItems}`);
  if (schema.minimum !== undefined || schema.maximum !== undefined)
    told.push(`${schema.minimum ?? ''}…${schema.maximum ?? ''}`);
  return html`${schema.description ?? ''}${told.length > 0 && html`<br /><small>${told.join('; ')}</small>`}`;
}

function schemaTable(name: string, schema: Schema): Html {
  const required = new Set(schema.required);
  return html`<h3 id="schema-${name}">${name}</h3>
    <table>
      <tbody>
        ${Object.entries(schema.properties ?? {}).map(
          ([key, one]) =>
            html`<tr>
              <td><code>${key}</code>${required.has(key) ? '' : html` <small>optional</small>`}</td>
              <td>${typeText(one)}</td>
              <td>${limits(one)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function operationSection(operation: (typeof operations)[number], book: Record<string, unknown>): Html {
  const item = (
    book['paths'] as Record<
      string,
      Record<
        string,
        {
          parameters?: { name: string; in: string; description?: string }[];
          requestBody?: { content: Record<string, { schema: Schema }> };
          responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
        }
      >
    >
  )[operation.path]?.[operation.method];
  const sent = item?.requestBody?.content['application/json']?.schema;
  return html`<h3 id="${operation.id}">
      <span class="m">${operation.method.toUpperCase()}</span> <code>${operation.path}</code>
    </h3>
    <p>${operation.summary}. ${operation.description ?? ''}</p>
    ${
      operation.scope &&
      html`<p>
        <small>Right: <code>${operation.scope}</code></small>
      </p>`
    }
    ${
      item?.parameters &&
      html`<table>
        <tbody>
          ${item.parameters.map(
            ({ name, in: place, description }) =>
              html`<tr>
                <td><code>${name}</code> <small>${place}</small></td>
                <td>${description ?? ''}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    ${sent && html`<p>Body: ${typeText(sent)}</p>`}
    ${operation.body?.example && html`<pre>${JSON.stringify(operation.body.example, null, 2)}</pre>`}
    <table>
      <tbody>
        ${Object.entries(item?.responses ?? {}).map(([status, { description, content }]) => {
          const schema = Object.values(content ?? {})[0]?.schema;
          return html`<tr>
            <td><code>${status}</code></td>
            <td>${description}</td>
            <td>${schema && typeText(schema)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
}

/** The document as one page without scripts or anything from outside. */
export function docsPage(document: Record<string, unknown>): string {
  const { info, components } = document as unknown as Document;
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title}</title>
        <style>
          ${new Html(styles)}
        </style>
      </head>
      <body>
        <nav aria-label="Contents">
          <b>${info.title} ${info.version}</b><a href="/v1/openapi.json">openapi.json</a>
          ${tags.map(
            (tag) =>
              html`<b>${tag}</b>${operations
                  .filter((operation) => operation.tag === tag)
                  .map(
                    ({ id, method, path }) => html`<a href="#${id}">${method.toUpperCase()} ${path}</a>`,
                  )}`,
          )}
          <b>Tables</b><a href="#problems">Problems</a><a href="#schemas">Schemas</a>
        </nav>
        <main>
          <h1>${info.title}</h1>
          ${info.description.split('\n\n').map((text) => html`<p>${text}</p>`)}
          ${tags.map(
            (tag) =>
              html`<h2>${tag}</h2>
                ${operations
                  .filter((operation) => operation.tag === tag)
                  .map((operation) => operationSection(operation, document))}`,
          )}
          <h2 id="problems">Problems</h2>
          <table>
            <tbody>
              ${Object.entries(problemKinds).map(
                ([kind, [status, ru, en]]) =>
                  html`<tr id="problem-${kind}">
                    <td><code>${kind}</code></td>
                    <td><code>${status}</code></td>
                    <td>${en}<br /><span lang="ru">${ru}</span></td>
                  </tr>`,
              )}
            </tbody>
          </table>
          <h2 id="schemas">Schemas</h2>
          ${Object.entries(components.schemas).map(([name, schema]) => schemaTable(name, schema))}
        </main>
      </body>
    </html>`.text;
}
