/** What a file of templates holds, or what is wrong with it; the server reads it again, closely. */
export interface TemplateFile {
  readonly templates: readonly unknown[];
  readonly fault: string | null;
}

/** Reads `{"templates": […]}` or a list alone. */
export function readTemplates(text: string): TemplateFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { templates: [], fault: 'Expected JSON.' };
  }
  const list: unknown =
    typeof value === 'object' && value !== null && 'templates' in value ? value.templates : value;
  if (!Array.isArray(list) || list.length === 0) {
    return { templates: [], fault: 'Expected a list of templates.' };
  }
  return { templates: list, fault: null };
}
