import { registerEnumType } from 'type-graphql';

/**
 * Registers a GraphQL enum. The type of `values` requires a description of every value.
 *
 * @param deprecated - what to use instead of values that are no longer given
 * @returns the object that `@Field(() => …)` refers to
 */
export function enumOf<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
  deprecated?: { readonly [Key in Value]?: string },
): { readonly [Key in Value]: Key } {
  const keys = Object.keys(values) as Value[];
  const type = Object.fromEntries(keys.map(key => [key, key])) as { readonly [Key in Value]: Key };
  const configOf = (key: Value) => {
    const deprecationReason = deprecated?.[key];
    return { description: values[key], ...(deprecationReason !== undefined && { deprecationReason }) };
  };
  const valuesConfig = Object.fromEntries(keys.map(key => [key, configOf(key)]));
  registerEnumType(type, { name, description, valuesConfig: valuesConfig as never });
  return type;
}

/** Orders the descriptions as the values of the domain are ordered. */
export const inOrder = <Value extends string>(
  order: readonly Value[],
  values: Readonly<Record<Value, string>>,
): Readonly<Record<Value, string>> =>
  Object.fromEntries(order.map(key => [key, values[key]])) as Readonly<Record<Value, string>>;
