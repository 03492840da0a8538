import { textOf } from '../files.ts';
import type { Pack } from '../pack.ts';
import type { Problem } from '../problem.ts';
import { VALUES_SCHEMA } from '../render/local-schema.ts';
import { positionsOf } from '../text-position.ts';

/** Functions of templates that give something else each time. */
const UNREPEATABLE =
  /\{\{|\}\}|\b(?:randAlphaNum|randAlpha|randNumeric|randAscii|randBytes|randInt|uuidv4|shuffle|genCA|genCAWithKey|genSelfSignedCert|genSelfSignedCertWithKey|genSignedCert|genSignedCertWithKey|genPrivateKey|htpasswd|bcrypt|encryptAES|now)\b/g;

/** The first call of such a function within an action. One pass over the text. */
function unrepeatableCall(text: string): { readonly name: string; readonly offset: number } | undefined {
  let open = false;
  for (const { 0: found, index } of text.matchAll(UNREPEATABLE)) {
    if (found === '{{') open = true;
    else if (found === '}}') open = false;
    else if (open) return { name: found, offset: index };
  }
  return undefined;
}

/**
 * Charts, as far as they matter before they are rendered: templates whose output is another one each
 * time, so that the objects of a cluster would change although nothing did, and schemas that refer
 * to what is outside of the chart.
 */
export function lintCharts({ charts }: Pack): Problem[] {
  return charts.flatMap((chart) => {
    const problems: Problem[] = [];
    for (const [path, content] of chart.files) {
      const file = `${chart.path}/${path}`;
      if (/(^|\/)templates\/(?!tests\/)[^/].*\.(ya?ml|tpl|json)$/.test(path)) {
        const text = textOf(content);
        const call = unrepeatableCall(text);
        if (call)
          problems.push({
            severity: 'warning',
            file,
            ...positionsOf(text)(call.offset),
            rule: 'not-repeatable',
            message: `the template calls ${call.name}, which gives something else at each rendering; set the value that stands in for it`,
          });
      } else if (path.endsWith(VALUES_SCHEMA) && /"\$ref"\s*:\s*"https?:/.test(textOf(content))) {
        problems.push({
          severity: 'warning',
          file,
          rule: 'remote-schema',
          message:
            'the schema refers to documents on the network; they are not fetched, so what they demand is not checked',
        });
      }
    }
    // A chart that brings subcharts may call such functions in dozens of helpers; the first ones tell.
    const calls = problems.filter(({ rule }) => rule === 'not-repeatable');
    return [...problems.filter(({ rule }) => rule !== 'not-repeatable'), ...calls.slice(0, MAX_CALLS)];
  });
}

const MAX_CALLS = 5;
