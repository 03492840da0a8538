/** Text in markdown, as GitHub and GitLab show it in comments. */

/** Both refuse or cut longer comments (GitHub: 65,536 characters). */
export const MAX_COMMENT = 60_000;

/** Lines as a `diff` block: the signs `+ - ~` at the beginning colour them. */
export function diffBlock(lines: readonly string[]): string {
  // `!` is what a diff block colours for a change.
  return codeBlock(
    'diff',
    lines.map((line) => line.replace(/^(\s*)~ /, '! $1').replace(/^(\s+)([-+]) /, '$2 $1')),
  );
}

/** A section of a comment is at most so long: one must not push out all others. */
const MAX_SECTION = 40_000;

/** A fence longer than any in the text: no content can end the block. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = cut(lines).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function cut(lines: readonly string[]): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line) => (length += line.length + 1) > MAX_SECTION);
  return end < 0 ? lines : [...lines.slice(0, end), `… and ${lines.length - end} more lines`];
}

/** Text that stands for itself: no markup, no mention, no end of line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('@', '@&#8203;');
}

/** What can be opened. The summary is markdown. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Sections as they fit into a comment; what does not fit is told. */
export function fitComment(sections: readonly string[], max: number = MAX_COMMENT): string {
  const kept: string[] = [];
  let length = 0;
  for (const section of sections) {
    if (length + section.length + 2 > max - 200) break;
    kept.push(section);
    length += section.length + 2;
  }
  const left = sections.length - kept.length;
  if (left > 0)
    kept.push(`_${left} more ${left === 1 ? 'section is' : 'sections are'} left out: the comment would be too long._`);
  return `${kept.join('\n\n')}\n`;
}
