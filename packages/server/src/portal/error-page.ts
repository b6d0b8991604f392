/** A page for when the portal itself cannot be shown: plain HTML, nothing to load. */
export function errorPage(error: {
  title: string;
  detail: string;
  code: string;
  requestId: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(error.title)} · Countersign</title></head>
<body>
<h1>${escapeHtml(error.title)}</h1>
<p>${escapeHtml(error.detail)}</p>
<p><code>${escapeHtml(error.code)}</code> · request <code>${escapeHtml(error.requestId)}</code></p>
</body>
</html>
`;
}

/** Text that stands in HTML, between tags or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
