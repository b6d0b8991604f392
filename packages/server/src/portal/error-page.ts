/** A page for when the portal itself cannot be shown: plain HTML, nothing to load. */
export function errorPage(error: {
  title: string;
  detail: string;
  code: string;
  requestId: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(error.title)} · Countersign</title></head>
<body>
<h1>${escape(error.title)}</h1>
<p>${escape(error.detail)}</p>
<p><code>${escape(error.code)}</code> · request <code>${escape(error.requestId)}</code></p>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
