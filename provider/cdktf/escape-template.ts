/**
 * A text as a string of Terraform's that means this text: `${` and `%{` begin no expression in it. Tokens of the program,
 * which stand as `${TfToken[…]}` until it is synthesised, stay what they are.
 */
export function escapeTemplate(text: string): string {
  return text.replaceAll(/\$\{(?!TfToken\[)/g, '$$$${').replaceAll('%{', '%%{');
}
