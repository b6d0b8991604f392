/** A name as the beginning of a file's name: what no file system minds. `*.example.com` becomes `wildcard.example.com`. */
export function fileStem(name: string): string {
  const plain = name
    .replace(/^\*/, 'wildcard')
    .replaceAll(/[^\p{L}\p{N}._@-]+/gu, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, 80);
  return plain === '' ? 'certificate' : plain;
}
