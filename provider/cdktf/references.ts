/** Attributes of constructs as tokens of their types. */
import type { FieldModel, ValueModel } from '#resources/engine/model';

import { ref, Token, type IResolvable, type TerraformStack } from './cdktf.ts';

/** An expression of Terraform's language, and the stack in which it means something. */
export interface Expression {
  readonly text: string;
  readonly stack: TerraformStack;
}

/** The reference to a field, given the expression of its value. Parts are made when they are asked for. */
export function referenceTo(field: FieldModel, expression: Expression): unknown {
  if (field.kind === 'attribute') return valueReference(field.value, expression);
  const parts = (element: Expression): object =>
    lazily(field.object.fields, (part) => referenceTo(part, attribute(element, part.name)));
  return field.nesting === 'single' ? parts(expression) : listOf(field.nesting === 'set', expression, parts);
}

function valueReference(value: ValueModel, expression: Expression): unknown {
  switch (value.kind) {
    case 'leaf':
      return leafReference(value.type, resolvable(expression));
    case 'object':
      return lazily(value.fields, (part) => valueReference(part.value, attribute(expression, part.name)));
    case 'collection': {
      const { collection, element } = value;
      if (collection === 'map') return mapOf(expression, (entry) => valueReference(element, entry));
      if (element.kind === 'leaf' && element.type === 'string') return Token.asList(resolvable(expression));
      if (element.kind === 'leaf' && element.type === 'number') return Token.asNumberList(resolvable(expression));
      return listOf(collection === 'set', expression, (entry) => valueReference(element, entry));
    }
  }
}

function leafReference(type: 'string' | 'number' | 'bool' | 'dynamic', expression: IResolvable): unknown {
  switch (type) {
    case 'string':
      return Token.asString(expression);
    case 'number':
      return Token.asNumber(expression);
    case 'bool':
    case 'dynamic':
      return expression;
  }
}

/** The elements of a set have no numbers: a list has to be made of it first. */
function listOf(isSet: boolean, expression: Expression, element: (expression: Expression) => unknown): object {
  const list = isSet ? { ...expression, text: `tolist(${expression.text})` } : expression;
  return {
    get: (index: number) => element({ ...list, text: `${list.text}[${index}]` }),
    get all() {
      return resolvable(expression);
    },
  };
}

function mapOf(expression: Expression, entry: (expression: Expression) => unknown): object {
  return {
    get: (key: string) => entry({ ...expression, text: `${expression.text}[${JSON.stringify(key)}]` }),
    get all() {
      return resolvable(expression);
    },
  };
}

function attribute(object: Expression, name: string): Expression {
  return { ...object, text: `${object.text}.${name}` };
}

function resolvable({ text, stack }: Expression): IResolvable {
  return ref(text, stack);
}

function lazily<Part extends { readonly key: string }>(parts: readonly Part[], make: (part: Part) => unknown): object {
  const result = {};
  for (const part of parts) Object.defineProperty(result, part.key, { enumerable: true, get: () => make(part) });
  return result;
}
