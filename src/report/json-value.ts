export type JSONValue = null | boolean | number | string | readonly JSONValue[] | JSONObject;
export type JSONObject = { readonly [key: string]: JSONValue };
